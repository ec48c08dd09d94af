package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Chooses a node for each Pod that has none: among the Ready nodes that its nodeSelector admits,
 * the one with the fewest Pods, the first by name where several have as few.
 *
 * <p>Stateless and thread-safe.
 */
public final class Scheduler {

  /**
   * What became of a Pod.
   *
   * @param node empty where no node will do
   * @param reason why not, for people; empty where a node was found
   */
  public record Placement(ObjectName pod, Optional<String> node, String reason) {}

  private Scheduler() {}

  /** A placement for each Pod that waits for one, in the order of their names. */
  public static List<Placement> place(Collection<Pod> pods, Collection<Node> nodes) {
    Map<String, Integer> load = new HashMap<>();
    for (Pod pod : pods) {
      if (pod.nodeName() != null && !pod.phase().isFinal()) {
        load.merge(pod.nodeName(), 1, Integer::sum);
      }
    }
    List<Placement> placements = new ArrayList<>();
    pods.stream()
        .filter(pod -> pod.nodeName() == null && !pod.terminating() && !pod.phase().isFinal())
        .sorted(Comparator.comparing(Pod::key))
        .forEach(pod -> {
          Placement placement = place(pod, nodes, load);
          placement.node().ifPresent(node -> load.merge(node, 1, Integer::sum));
          placements.add(placement);
        });
    return placements;
  }

  private static Placement place(Pod pod, Collection<Node> nodes, Map<String, Integer> load) {
    Optional<String> best =
        nodes.stream()
            .filter(node -> obstacle(pod, node).isEmpty())
            .map(Node::name)
            .min(
                Comparator.<String>comparingInt(name -> load.getOrDefault(name, 0))
                    .thenComparing(Comparator.naturalOrder()));
    return new Placement(pod.key(), best, best.isPresent() ? "" : refusals(pod, nodes));
  }

  private static String refusals(Pod pod, Collection<Node> nodes) {
    Map<String, Integer> counts = new TreeMap<>();
    nodes.forEach(node -> obstacle(pod, node).ifPresent(why -> counts.merge(why, 1, Integer::sum)));
    StringBuilder text = new StringBuilder("0/" + nodes.size() + " nodes are available");
    String separator = ": ";
    for (Map.Entry<String, Integer> count : counts.entrySet()) {
      text.append(separator).append(count.getValue()).append(' ').append(count.getKey());
      separator = ", ";
    }
    return text.append('.').toString();
  }

  private static Optional<String> obstacle(Pod pod, Node node) {
    if (!node.ready()) {
      return Optional.of("not ready");
    }
    if (node.unschedulable()) {
      return Optional.of("unschedulable");
    }
    if (!node.labels().entrySet().containsAll(pod.spec().nodeSelector().entrySet())) {
      return Optional.of("without the labels of the Pod's nodeSelector");
    }
    if (node.podCidrs().isEmpty() && !pod.spec().hostNetwork()) {
      return Optional.of("without a Pod network");
    }
    return Optional.empty();
  }
}
