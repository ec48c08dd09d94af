package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.Node;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges which nodes are Ready: one with a session is, one whose session has been away for the
 * grace period is not, and in between it stays what it was.
 *
 * <p>Not thread-safe.
 */
public final class NodeLiveness {

  private final long graceNanos;
  private final Map<String, Long> awaySince = new HashMap<>();

  public NodeLiveness(Duration grace) {
    this.graceNanos = grace.toNanos();
  }

  /**
   * The nodes whose Ready condition has to change, with its new value.
   *
   * @param live the nodes that have a session
   * @param nowNanos a clock that never goes back
   */
  public Map<String, Boolean> changes(Collection<Node> nodes, Set<String> live, long nowNanos) {
    Map<String, Boolean> changes = new TreeMap<>();
    awaySince.keySet().retainAll(nodes.stream().map(Node::name).toList());
    for (Node node : nodes) {
      if (live.contains(node.name())) {
        awaySince.remove(node.name());
        if (!node.ready()) {
          changes.put(node.name(), true);
        }
      } else {
        long since = awaySince.computeIfAbsent(node.name(), name -> nowNanos);
        if (node.ready() && nowNanos - since >= graceNanos) {
          changes.put(node.name(), false);
        }
      }
    }
    return changes;
  }
}
