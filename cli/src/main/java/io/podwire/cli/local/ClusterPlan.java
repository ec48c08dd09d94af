package io.podwire.cli.local;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a local cluster is to be.
 *
 * @param nodes how many
 * @param podCidrs one of each IP family at most
 * @param serviceCidrs as for Pods
 * @param nodeCidr the node network, IPv4
 * @param upstreams resolvers for names outside the cluster, {@code ADDRESS[:PORT]}
 * @param preset {@code iana} or {@code flannel}: the tunnel's UDP port
 * @param hosts names that a resolver outside the cluster answers; null for no such resolver
 * @param corefile what the cluster's DNS server serves by; null for what is built in
 */
public record ClusterPlan(
    int nodes,
    List<Cidr> podCidrs,
    List<Cidr> serviceCidrs,
    Cidr nodeCidr,
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
    upstreams = List.copyOf(upstreams);
  }

  /** The nodes' names, node-1 first. */
  public List<String> nodeNames() {
    return IntStream.rangeClosed(1, nodes).mapToObj(number -> "node-" + number).toList();
  }

  /** A node's address on the node network; numbers begin at 1. */
  public IpAddress nodeAddress(int number) {
    return nodeCidr.address(FIRST_NODE_OFFSET - 1 + number);
  }

  /** The node network's address outside of the cluster. */
  public IpAddress outsideAddress() {
    return nodeCidr.address(1);
  }

  /** The control plane's address on the node network. */
  public IpAddress controlPlaneAddress() {
    return nodeCidr.address(2);
  }

  /** The control plane's gRPC endpoint on the node network. */
  public String controlPlaneEndpoint() {
    return controlPlaneAddress() + ":" + GRPC_PORT;
  }

  /** The ClusterIP of {@code kubernetes.default}. */
  public IpAddress apiServiceAddress() {
    return serviceCidrs.getFirst().address(1);
  }

  /** The ClusterIP of {@code kube-dns.kube-system}. */
  public IpAddress dnsServiceAddress() {
    return serviceCidrs.getFirst().address(DNS_OFFSET);
  }

  /** How the cluster's DNS server is told what to serve. */
  String dnsOption() {
    return corefile == null ? "--listen=0.0.0.0:53" : "--config=" + corefile;
  }

  /**
   * The resolvers that the cluster's DNS asks: those given, and the one outside where there is one.
   */
  public List<String> allUpstreams() {
    return hosts == null || !upstreams.isEmpty() ? upstreams : List.of(outsideAddress().toString());
  }
}
