package io.podwire.agent.pod;

import io.podwire.cluster.attach.ResolverConfig;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What Pods of this node have to know of the network.
 *
 * @param families of each address family in use, the primary first: where Pods' addresses come
 *     from, their default gateway in there, and the node's InternalIP, also that of Pods with host
 *     network
 * @param mtu of eth0: the underlay's less the encapsulation
 * @param dnsAddress ClusterIP of kube-dns
 * @param zone the cluster's DNS zone
 * @param resolvConf what the node itself resolves with, for Pods that want the same
 */
public record NodeNetwork(
    List<GatewayConfig.Family> families,
    int mtu,
    IpAddress dnsAddress,
    String zone,
    Path resolvConf) {

  private static final int TUNNEL_DATAGRAM = 65_487;
  private static final int VXLAN_AND_ETHERNET = 22;
  private static final int IP_AND_TCP_WITH_TIMESTAMPS = 52;

  /** What Linux keeps free of the limit for headers (MAX_TCP_HEADER), with a little to spare. */
  private static final int TCP_RESERVE = 400;

  public NodeNetwork {
    families = List.copyOf(families);
  }

  /** Of one family. */
  public NodeNetwork(
      IpAddress nodeAddress,
      Cidr podCidr,
      IpAddress gateway,
      int mtu,
      IpAddress dnsAddress,
      String zone,
      Path resolvConf) {
    this(
        List.of(new GatewayConfig.Family(gateway, nodeAddress, podCidr)),
        mtu,
        dnsAddress,
        zone,
        resolvConf);
  }

  /** Of the first family that the node has an address of. */
  public IpAddress nodeAddress() {
    return nodeAddresses().findFirst().orElseThrow();
  }

  private Stream<IpAddress> nodeAddresses() {
    return families.stream()
        .map(GatewayConfig.Family::node)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull);
  }

  /** Of the primary family. */
  public Cidr podCidr() {
    return families.getFirst().podCidr();
  }

  /** Of the primary family. */
  public IpAddress gateway() {
    return families.getFirst().gateway();
  }

  /** Of the primary Pod CIDR, what every family has a counterpart of. */
  Cidr addressRange() {
    int hostBits =
        families.stream()
            .mapToInt(family -> family.gateway().bitLength() - family.podCidr().prefixLength())
            .min()
            .orElseThrow();
    Cidr primary = podCidr();
    int bits = primary.base().bitLength();
    // Of a narrower family the last address may be its broadcast address.
    return primary.prefixLength() == bits - hostBits
        ? primary
        : Cidr.around(primary.base(), bits - hostBits + 1);
  }

  /**
   * All addresses of a Pod, the primary first: in each family's Pod CIDR it has the same place, so
   * that one of them is all that has to be remembered.
   *
   * @param primary of the primary family, or the node's for a Pod with host network
   */
  public List<IpAddress> addresses(IpAddress primary) {
    Cidr range = podCidr();
    if (!range.contains(primary)) {
      return families.size() > 1 && primary.equals(nodeAddress())
          ? nodeAddresses().toList()
          : List.of(primary);
    }
    long place = primary.low() - range.base().low();
    return families.stream().map(family -> family.podCidr().address(place)).toList();
  }

  /** What the node itself resolves with; nothing where it has no such file. */
  ResolverConfig ownResolver() {
    return ResolverConfig.parse(read(resolvConf));
  }

  /** The node's own hosts file. */
  String ownHosts() {
    return read(Path.of("/etc/hosts"));
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  /**
   * Octets of an unsegmented frame whose segments, encapsulated, leave in one call: a TCP stream's
   * frames then stay whole from Pod to Pod.
   */
  public int segmentationLimit() {
    int segments = TUNNEL_DATAGRAM / (mtu + VXLAN_AND_ETHERNET);
    int limit = segments * (mtu - IP_AND_TCP_WITH_TIMESTAMPS) + TCP_RESERVE;
    return Math.clamp(limit, mtu, 65_536);
  }
}
