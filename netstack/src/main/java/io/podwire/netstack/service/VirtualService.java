package io.podwire.netstack.service;

import io.podwire.packet.addr.Cidr;
import java.util.List;

/**
 * One port of a Service at one of its addresses, as this node's datapath sees it.
 *
 * @param name {@code namespace/name:port}, for people and for the names of rule chains
 * @param backends those of the traffic policy Cluster that take new connections now
 * @param localBackends those of the traffic policy Local: this node's own
 * @param localOnly whether the frontend's traffic policy is Local: the internal one for a
 *     ClusterIP, the external one for the others
 * @param affinitySeconds how long a client keeps its backend, 0 without session affinity
 * @param sourceRanges {@code loadBalancerSourceRanges} of a load balancer's address; none: everyone
 */
public record VirtualService(
    String name,
    Frontend frontend,
    List<Backend> backends,
    List<Backend> localBackends,
    boolean localOnly,
    int affinitySeconds,
    List<Cidr> sourceRanges) {

  public VirtualService {
    backends = List.copyOf(backends);
    localBackends = List.copyOf(localBackends);
    sourceRanges = List.copyOf(sourceRanges);
  }

  /** A ClusterIP without affinity that leads to all the backends there are. */
  public VirtualService(String name, List<Backend> backends) {
    this(name, Frontend.CLUSTER_IP, backends, List.of(), false, 0, List.of());
  }
}
