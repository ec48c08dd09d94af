package io.podwire.cli.local;

import io.podwire.cluster.model.ProxyChoice;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a local cluster is to be.
 *
 * @param nodes how many
 * @param podCidrs one of each IP family at most
 * @param serviceCidrs as for Pods
 * @param nodeCidrs the node network; the tunnels go over the first one's family
 * @param loadBalancerCidrs for load balancers; none for no addresses
 * @param proxy how nodes balance connections to Services
 * @param upstreams resolvers for names outside the cluster, {@code ADDRESS[:PORT]}
 * @param preset {@code iana} or {@code flannel}: the tunnel's UDP port
 * @param hosts names that a resolver outside the cluster answers; null for no such resolver
 * @param corefile what the cluster's DNS server serves by; null for what is built in
 */
public record ClusterPlan(
    int nodes,
    List<Cidr> podCidrs,
    List<Cidr> serviceCidrs,
    List<Cidr> nodeCidrs,
    List<Cidr> loadBalancerCidrs,
    ProxyChoice proxy,
    List<String> upstreams,
    String preset,
    @Nullable Path hosts,
    @Nullable Path corefile) {
  static final int GRPC_PORT = 6500;
  static final int FIRST_NODE_OFFSET = 11;

  private static final int DNS_OFFSET = 10;

  /** Keeps its own copies of the lists. */
  public ClusterPlan {
    podCidrs = List.copyOf(podCidrs);
    serviceCidrs = List.copyOf(serviceCidrs);
    loadBalancerCidrs = List.copyOf(loadBalancerCidrs);
    nodeCidrs = List.copyOf(nodeCidrs);
    upstreams = List.copyOf(upstreams);
  }

  /** The nodes' names, node-1 first. */
  public List<String> nodeNames() {
    return IntStream.rangeClosed(1, nodes).mapToObj(number -> "node-" + number).toList();
  }

  /** A node's addresses on the node network; numbers begin at 1. */
  public List<IpAddress> nodeAddresses(int number) {
    return addresses(FIRST_NODE_OFFSET - 1 + number);
  }

  private List<IpAddress> addresses(int place) {
    return nodeCidrs.stream().map(cidr -> cidr.address(place)).toList();
  }

  /** The node network's addresses outside of the cluster. */
  public List<IpAddress> outsideAddresses() {
    return addresses(1);
  }

  /** The first of these. */
  public IpAddress outsideAddress() {
    return outsideAddresses().getFirst();
  }

  /** The control plane's addresses on the node network. */
  public List<IpAddress> controlPlaneAddresses() {
    return addresses(2);
  }

  /** The control plane's gRPC endpoint on the node network. */
  public String controlPlaneEndpoint() {
    return endpoint(controlPlaneAddresses().getFirst(), GRPC_PORT);
  }

  /** An address with a port, in brackets where it has colons of its own (RFC 3986). */
  static String endpoint(IpAddress address, int port) {
    return (address.isIpv4() ? address.toString() : "[" + address + "]") + ":" + port;
  }

  /** Whether nothing of it has an IPv6 address. */
  boolean isIpv4Only() {
    return podCidrs.stream().allMatch(Cidr::isIpv4);
  }

  /** The ClusterIP of {@code kubernetes.default}. */
  public IpAddress apiServiceAddress() {
    return serviceCidrs.getFirst().address(1);
  }

  /** The ClusterIPs of {@code kube-dns.kube-system}, of the families that its Pod has. */
  public List<IpAddress> dnsServiceAddresses() {
    return serviceCidrs.stream()
        .filter(services -> podCidrs.stream().anyMatch(pods -> pods.isIpv4() == services.isIpv4()))
        .map(cidr -> cidr.address(DNS_OFFSET))
        .toList();
  }

  /** How the cluster's DNS server is told what to serve. */
  String dnsOption() {
    String everywhere = isIpv4Only() ? "0.0.0.0:53" : "[::]:53";
    return corefile == null ? "--listen=" + everywhere : "--config=" + corefile;
  }

  /**
   * The resolvers that the cluster's DNS asks: those given, and the one outside where there is one.
   */
  public List<String> allUpstreams() {
    return hosts == null || !upstreams.isEmpty() ? upstreams : List.of(outsideAddress().toString());
  }

  /**
   * What the nodes themselves resolve with, as resolv.conf(5), which knows no ports; empty where
   * the cluster has no resolver of its own outside, and the machine's file has to do.
   */
  String nodesResolvConf() {
    return allUpstreams().stream()
        .flatMap(upstream -> IpAddress.tryParse(upstream).stream())
        .map(address -> "nameserver " + address + "\n")
        .collect(Collectors.joining());
  }
}
