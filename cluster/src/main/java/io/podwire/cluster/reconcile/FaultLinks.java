package io.podwire.cluster.reconcile;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.FaultLink.Direction;
import io.podwire.cluster.fault.PartitionShape;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.FaultTargets.Member;
import io.podwire.packet.addr.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Places a fault on links so that each packet meets it once.
 *
 * <p>A Service's client sees the ClusterIP in place of its endpoint, and only the endpoint's own
 * link sees both Pods' addresses: so the fault is where the target is, and effects that do not mind
 * meeting a packet twice, such as a partition, are at both ends. Not thread-safe.
 */
final class FaultLinks {

  private final FaultRequest request;
  private final FaultTargets.State state;
  private final Map<String, Member> members;
  private final Map<String, Member> others;
  private final FaultTargets.Outsiders outsiders;
  private final TrafficFilter filter;
  private final boolean symmetric;
  private final Set<FaultLink> links = new LinkedHashSet<>();

  FaultLinks(
      FaultRequest request,
      FaultTargets.State state,
      Map<String, Member> members,
      Map<String, Member> others,
      FaultTargets.Outsiders outsiders) {
    this.request = request;
    this.state = state;
    this.members = members;
    this.others = others;
    this.outsiders = outsiders;
    this.filter = request.filter();
    this.symmetric = filter.equals(filter.fromTheOtherEnd());
  }

  List<FaultLink> links() {
    List<Cidr> external = new ArrayList<>(request.external());
    external.addAll(outsiders.addresses());
    PartitionShape shape = request.shape();
    if (shape != null) {
      part(shape);
    } else if (request.target() == null && external.isEmpty()) {
      onMembers(List.of(), List.of());
    } else if (request.links() == FaultRequest.Links.NODES) {
      external.addAll(addresses(others.values()));
      towards(external);
    } else {
      onOthers();
      boolean twice = request.spec().packets().stream().allMatch(FaultTargets::isIdempotent);
      if (twice && request.spec().toxics().isEmpty()) {
        external.addAll(reachedAs(others));
        towards(external);
      } else if (!external.isEmpty()) {
        onMembers(external, reachedAs(others));
      }
    }
    return List.copyOf(links);
  }

  private void towards(List<Cidr> peers) {
    // Without a peer the filter would mean all of them.
    if (!peers.isEmpty()) {
      onMembers(peers, List.of());
    }
  }

  /**
   * On the links of what the selector chose.
   *
   * @param excluded what has met the fault on the target's links; empty where it is not there
   */
  private void onMembers(List<Cidr> peers, List<Cidr> excluded) {
    for (Map.Entry<String, Member> entry : members.entrySet()) {
      Member member = entry.getValue();
      Map<String, Member> rest = new LinkedHashMap<>(members);
      rest.remove(entry.getKey());
      if (to()) {
        List<Cidr> met = new ArrayList<>(excluded);
        if (from() && !excluded.isEmpty() && others.containsKey(entry.getKey())) {
          met.addAll(addresses(rest.values()));
        }
        add(member, Direction.EGRESS, filter.withPeers(peers, within(peers, met)));
      }
      if (from()) {
        List<Cidr> met = new ArrayList<>(excluded);
        boolean isPeer = !within(peers, member.addresses()).isEmpty();
        if (to() && symmetric && (peers.isEmpty() || isPeer)) {
          // What another member sends has met the fault on that one's link.
          met.addAll(addresses(rest.values()));
        }
        add(member, Direction.INGRESS, filter.withPeers(peers, within(peers, met)));
      }
    }
  }

  /** On the links of what the target chose, whose peers are the selector's choice. */
  private void onOthers() {
    TrafficFilter seen = filter.fromTheOtherEnd();
    for (Map.Entry<String, Member> entry : others.entrySet()) {
      Map<String, Member> senders = new LinkedHashMap<>(members);
      senders.remove(entry.getKey());
      if (to()) {
        peered(entry.getValue(), Direction.INGRESS, seen, reachedAs(senders));
      }
      if (from()) {
        if (to() && symmetric && members.containsKey(entry.getKey())) {
          senders.keySet().removeAll(others.keySet());
        }
        peered(entry.getValue(), Direction.EGRESS, seen, reachedAs(senders));
      }
    }
  }

  private void part(PartitionShape shape) {
    Map<String, List<String>> cuts = PartitionCuts.of(shape, List.copyOf(members.keySet()));
    Map<String, List<String>> deafTo = new LinkedHashMap<>();
    cuts.forEach((member, unheard) -> {
      unheard.forEach(
          sender -> deafTo.computeIfAbsent(sender, name -> new ArrayList<>()).add(member));
      peered(member(member), Direction.INGRESS, filter, addresses(all(unheard)));
    });
    // An answer to a Service's client shows the ClusterIP there, and the Pod here.
    deafTo.forEach(
        (sender, deaf) -> peered(member(sender), Direction.EGRESS, filter, addresses(all(deaf))));
  }

  private Member member(String name) {
    return Objects.requireNonNull(members.get(name));
  }

  private List<Member> all(List<String> names) {
    return names.stream().map(this::member).toList();
  }

  private void peered(Member on, Direction direction, TrafficFilter seen, List<Cidr> peers) {
    if (!peers.isEmpty()) {
      add(on, direction, seen.withPeers(peers, List.of()));
    }
  }

  private void add(Member on, Direction direction, TrafficFilter seen) {
    links.add(new FaultLink(on.node(), on.pod(), direction, seen));
  }

  private boolean to() {
    return request.direction() != FaultRequest.Direction.FROM;
  }

  private boolean from() {
    return request.direction() != FaultRequest.Direction.TO;
  }

  private static List<Cidr> addresses(Collection<Member> of) {
    return of.stream().flatMap(member -> member.addresses().stream()).sorted().distinct().toList();
  }

  /**
   * The addresses under which others see these Pods: their own, and the ClusterIPs of Services that
   * have no other endpoints.
   */
  private List<Cidr> reachedAs(Map<String, Member> pods) {
    List<Cidr> own = addresses(pods.values());
    if (own.isEmpty() || request.links() == FaultRequest.Links.NODES) {
      return own;
    }
    Set<Cidr> reached = new HashSet<>(own);
    for (Service service : state.services()) {
      List<EndpointSlice.Endpoint> endpoints = FaultTargets.endpoints(service, state);
      boolean theirs =
          !endpoints.isEmpty()
              && endpoints.stream()
                  .allMatch(endpoint ->
                      endpoint.podName() != null
                          && pods.containsKey(
                              service.key().namespace() + "/" + endpoint.podName()));
      if (theirs) {
        service.clusterIps().forEach(address -> reached.add(Cidr.host(address)));
      }
    }
    return reached.stream().sorted().toList();
  }

  /** What has to be excluded, where the peers hold it at all. */
  private static List<Cidr> within(List<Cidr> peers, List<Cidr> excluded) {
    return excluded.stream()
        .filter(address -> peers.isEmpty() || peers.stream().anyMatch(address::overlaps))
        .sorted()
        .distinct()
        .toList();
  }
}
