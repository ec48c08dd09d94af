package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What of the nodes matters to endpoints.
 *
 * @param ready the names of those that are Ready
 * @param zones of those that have one, by name
 */
public record NodePlaces(Set<String> ready, Map<String, String> zones) {

  public NodePlaces {
    ready = Set.copyOf(ready);
    zones = Map.copyOf(zones);
  }

  public static NodePlaces of(Collection<Node> nodes) {
    Set<String> ready = new HashSet<>();
    Map<String, String> zones = new HashMap<>();
    for (Node node : nodes) {
      if (node.ready()) {
        ready.add(node.name());
      }
      if (!node.zone().isEmpty()) {
        zones.put(node.name(), node.zone());
      }
    }
    return new NodePlaces(ready, zones);
  }
}
