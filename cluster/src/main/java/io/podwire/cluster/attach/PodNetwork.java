package io.podwire.cluster.attach;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;

/**
 * How an attached Pod's interface and files have to be set up.
 *
 * @param node the node's name
 * @param uid of the Pod
 * @param prefixLength of the node's Pod network
 * @param mtu in octets of an IP packet
 * @param segmentationLimit octets of an unsegmented frame (gso_max_size)
 * @param further the address of another family than that of the first, if any
 */
public record PodNetwork(
    String node,
    String uid,
    IpAddress address,
    int prefixLength,
    IpAddress gateway,
    List<RouteEntry> routes,
    int mtu,
    int segmentationLimit,
    MacAddress mac,
    ResolverConfig resolver,
    List<HostEntry> hosts,
    List<FurtherAddress> further) {

  /** What every Pod's /etc/hosts begins with, as kubelet writes it. */
  public static final String HOSTS_HEADER =
      """
      # Kubernetes-managed hosts file.
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::0\tip6-localnet
      fe00::0\tip6-mcastprefix
      fe00::1\tip6-allnodes
      fe00::2\tip6-allrouters
      """;

  public PodNetwork {
    routes = List.copyOf(routes);
    hosts = List.copyOf(hosts);
    further = List.copyOf(further);
  }

  /** Of one family. */
  public PodNetwork(
      String node,
      String uid,
      IpAddress address,
      int prefixLength,
      IpAddress gateway,
      List<RouteEntry> routes,
      int mtu,
      int segmentationLimit,
      MacAddress mac,
      ResolverConfig resolver,
      List<HostEntry> hosts) {
    this(
        node,
        uid,
        address,
        prefixLength,
        gateway,
        routes,
        mtu,
        segmentationLimit,
        mac,
        resolver,
        hosts,
        List.of());
  }

  /** An address beside the first one. */
  public record FurtherAddress(IpAddress address, int prefixLength, IpAddress gateway) {}

  /** Whether any address is of IPv6. */
  public boolean hasIpv6() {
    return !address.isIpv4() || further.stream().anyMatch(each -> !each.address().isIpv4());
  }

  /** The text of /etc/hosts. */
  public String hostsText() {
    StringBuilder text = new StringBuilder(HOSTS_HEADER);
    hosts.forEach(entry -> text.append(entry.text()));
    return text.toString();
  }

  /** A route through a gateway. */
  public record RouteEntry(Cidr destination, IpAddress via) {}

  /** A line of hosts(5). */
  public record HostEntry(IpAddress address, List<String> names) {
    public HostEntry {
      names = List.copyOf(names);
    }

    /** The line's text. */
    public String text() {
      return address + "\t" + String.join("\t", names) + "\n";
    }
  }
}
