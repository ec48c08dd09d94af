package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the deleted Pods that no node will ever report as gone. Stateless and thread-safe. */
public final class PodCollector {

  private PodCollector() {}

  /** Terminating Pods that are bound to no node, or to one that does not exist. */
  public static List<ObjectName> collect(Collection<Pod> pods, Collection<Node> nodes) {
    Set<String> names = nodes.stream().map(Node::name).collect(Collectors.toSet());
    return pods.stream()
        .filter(Pod::terminating)
        .filter(pod -> pod.nodeName() == null || !names.contains(pod.nodeName()))
        .map(Pod::key)
        .sorted()
        .toList();
  }
}
