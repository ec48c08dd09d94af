package io.podwire.agent.sync;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.EndpointSlice.Endpoint;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.service.Backend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which endpoints of a Service port a node uses, as kube-proxy chooses them: the ready ones, those
 * hinted for this node or its zone where every one has a hint, or where none is ready those that
 * still serve while terminating; decided separately for each traffic policy.
 *
 * @param cluster of the policy Cluster
 * @param local of the policy Local: this node's own
 */
record EndpointChoice(List<Backend> cluster, List<Backend> local) {

  // A stable order: the same endpoints give the same table, whatever the order of the slices.
  private static final Comparator<Backend> ORDER =
      Comparator.comparing(Backend::address).thenComparingInt(Backend::port);

  private record Candidate(Endpoint endpoint, Backend backend) {}

  /**
   * @param ipv4 the family of the Service's address
   * @param node this node's name
   * @param zone this node's zone, empty where it has none
   */
  static EndpointChoice of(
      Service.Port port, boolean ipv4, Collection<EndpointSlice> slices, String node, String zone) {
    List<Candidate> all = candidates(port, ipv4, slices);
    Predicate<Endpoint> near = near(all, node, zone);
    Predicate<Endpoint> here = endpoint -> node.equals(endpoint.nodeName());
    return new EndpointChoice(
        readyElseServing(all, near, endpoint -> true), readyElseServing(all, here, here));
  }

  private static List<Candidate> candidates(
      Service.Port port, boolean ipv4, Collection<EndpointSlice> slices) {
    List<Candidate> found = new ArrayList<>();
    for (EndpointSlice slice : slices) {
      for (EndpointSlice.Port resolved : slice.ports()) {
        if (resolved.name().equals(port.name()) && resolved.protocol() == port.protocol()) {
          for (Endpoint endpoint : slice.endpoints()) {
            endpoint.addresses().stream()
                .filter(ip -> ip.isIpv4() == ipv4)
                .findFirst()
                .ifPresent(
                    ip -> found.add(new Candidate(endpoint, new Backend(ip, resolved.port()))));
          }
        }
      }
    }
    return found;
  }

  /** What the hints leave: node hints first, then zone hints, or everything. */
  private static Predicate<Endpoint> near(List<Candidate> all, String node, String zone) {
    boolean anyReady = false;
    boolean allForNodes = true;
    boolean anyForNode = false;
    boolean allForZones = true;
    boolean anyForZone = false;
    for (Candidate candidate : all) {
      if (candidate.endpoint.ready()) {
        EndpointSlice.Topology hints = candidate.endpoint.topology();
        anyReady = true;
        allForNodes &= !hints.forNodes().isEmpty();
        anyForNode |= hints.forNodes().contains(node);
        allForZones &= !hints.forZones().isEmpty();
        anyForZone |= hints.forZones().contains(zone);
      }
    }
    if (anyReady && allForNodes && anyForNode) {
      return endpoint -> endpoint.topology().forNodes().contains(node);
    }
    if (anyReady && allForZones && anyForZone) {
      return endpoint -> endpoint.topology().forZones().contains(zone);
    }
    return endpoint -> true;
  }

  private static List<Backend> readyElseServing(
      List<Candidate> all, Predicate<Endpoint> amongReady, Predicate<Endpoint> amongServing) {
    List<Backend> ready = backends(all, amongReady.and(Endpoint::ready));
    return ready.isEmpty()
        ? backends(all, amongServing.and(it -> it.serving() && it.terminating()))
        : ready;
  }

  private static List<Backend> backends(List<Candidate> all, Predicate<Endpoint> eligible) {
    return all.stream()
        .filter(candidate -> eligible.test(candidate.endpoint))
        .map(Candidate::backend)
        .sorted(ORDER)
        .distinct()
        .toList();
  }
}
