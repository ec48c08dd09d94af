package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.EndpointSlice.Endpoint;
import io.podwire.cluster.model.EndpointSlice.Topology;
import io.podwire.cluster.model.Service;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * For whom each endpoint is meant, as the EndpointSlice controller has it ({@code
 * trafficDistribution}, and {@code service.kubernetes.io/topology-mode: Auto}).
 *
 * <p>In proportion means here: to the number of Ready nodes of each zone, where Kubernetes goes by
 * their processors; and what moves between zones is chosen anew each time, in the order of names.
 * Stateless.
 */
final class TopologyHints {

  /** How much more than its share a zone's endpoints may have to carry. */
  private static final double OVERLOAD = 0.2;

  private TopologyHints() {}

  /** The same slices with hints, or without any where the Service wants none. */
  static List<EndpointSlice> hint(Service service, List<EndpointSlice> slices, NodePlaces nodes) {
    return switch (service.traffic().distribution()) {
      case EVERYWHERE -> slices;
      case SAME_ZONE -> each(slices, endpoint -> near(endpoint, false));
      case SAME_NODE -> each(slices, endpoint -> near(endpoint, true));
      case PROPORTIONAL -> proportional(slices, nodes);
    };
  }

  private interface Hint {
    Topology of(Endpoint endpoint);
  }

  private static List<EndpointSlice> each(List<EndpointSlice> slices, Hint hint) {
    List<EndpointSlice> hinted = new ArrayList<>();
    for (EndpointSlice slice : slices) {
      hinted.add(
          new EndpointSlice(
              slice.key(),
              slice.serviceName(),
              slice.ports(),
              slice.endpoints().stream()
                  .map(endpoint -> endpoint.ready() ? endpoint.with(hint.of(endpoint)) : endpoint)
                  .toList()));
    }
    return hinted;
  }

  private static Topology near(Endpoint endpoint, boolean withNode) {
    String zone = endpoint.topology().zone();
    String node = endpoint.nodeName();
    return new Topology(
        zone,
        zone.isEmpty() ? Set.of() : Set.of(zone),
        withNode && node != null ? Set.of(node) : Set.of());
  }

  private static List<EndpointSlice> proportional(List<EndpointSlice> slices, NodePlaces nodes) {
    List<EndpointSlice> hinted = new ArrayList<>();
    for (boolean ipv4 : new boolean[] {true, false}) {
      List<EndpointSlice> family =
          slices.stream().filter(slice -> SliceShape.of(slice).ipv4() == ipv4).toList();
      Map<Endpoint, String> zones = assign(ready(family), nodes);
      hinted.addAll(
          each(
              family,
              endpoint -> {
                String zone = zones.get(endpoint);
                String own = endpoint.topology().zone();
                return zone == null ? Topology.in(own) : new Topology(own, Set.of(zone), Set.of());
              }));
    }
    return hinted;
  }

  private static List<Endpoint> ready(List<EndpointSlice> slices) {
    return slices.stream()
        .flatMap(slice -> slice.endpoints().stream())
        .filter(Endpoint::ready)
        .toList();
  }

  /** A zone while endpoints are shared out. */
  private static final class Zone {
    final String name;
    final Deque<Endpoint> held = new ArrayDeque<>();
    int nodes;
    int least;

    Zone(String name) {
      this.name = name;
    }

    int spare() {
      return held.size() - least;
    }
  }

  /** The zone for which each endpoint is meant; none where a fair share is impossible. */
  private static Map<Endpoint, String> assign(List<Endpoint> endpoints, NodePlaces nodes) {
    Map<String, Zone> zones = new TreeMap<>();
    for (String node : nodes.ready()) {
      String zone = nodes.zones().get(node);
      if (zone == null) {
        return Map.of();
      }
      zones.computeIfAbsent(zone, Zone::new).nodes++;
    }
    if (zones.size() < 2 || zones.size() > endpoints.size()) {
      return Map.of();
    }
    for (Endpoint endpoint : endpoints) {
      Zone zone = zones.get(endpoint.topology().zone());
      if (zone == null) {
        return Map.of();
      }
      zone.held.add(endpoint);
    }
    return share(List.copyOf(zones.values()), endpoints.size(), nodes.ready().size());
  }

  private static Map<Endpoint, String> share(List<Zone> zones, int endpoints, int nodes) {
    int total = 0;
    for (Zone zone : zones) {
      double share = (double) zone.nodes / nodes * endpoints;
      zone.least = (int) Math.ceil(share / (1 + OVERLOAD));
      total += zone.least;
    }
    if (total > endpoints) {
      return Map.of();
    }
    for (Zone poor : zones) {
      while (poor.spare() < 0) {
        Zone rich = zones.stream().max(Comparator.comparingInt(Zone::spare)).orElseThrow();
        poor.held.add(rich.held.removeLast());
      }
    }
    Map<Endpoint, String> meant = new IdentityHashMap<>();
    zones.forEach(zone -> zone.held.forEach(endpoint -> meant.put(endpoint, zone.name)));
    return meant;
  }
}
