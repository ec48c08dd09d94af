package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Expression;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Applies a fault's selectors to what there is. Not thread-safe. */
final class FaultChoice {

  private static final double PERCENT = 100;

  private final FaultTargets.State state;
  private final String namespace;
  private final Map<String, Node> nodes = new HashMap<>();

  /**
   * @param namespace of the fault, where Services that are named without one are
   */
  FaultChoice(FaultTargets.State state, String namespace) {
    this.state = state;
    this.namespace = namespace;
    state.nodes().forEach(node -> nodes.put(node.name(), node));
  }

  /** The Pods that match, those without a node included, whatever the mode says. */
  List<Pod> matchingPods(Choice choice) {
    Set<ObjectName> endpoints = choice.services().isEmpty() ? Set.of() : endpoints(choice);
    List<Pod> matching = new ArrayList<>();
    for (Pod pod : state.pods()) {
      boolean served = choice.services().isEmpty() || endpoints.contains(pod.key());
      if (served && matches(choice, pod)) {
        matching.add(pod);
      }
    }
    return matching;
  }

  /** The nodes that match, whatever the mode says. */
  List<Node> matchingNodes(Choice choice) {
    Set<String> hosts = null;
    if (asksForPods(choice)) {
      hosts = new HashSet<>();
      for (Pod pod : matchingPods(choice)) {
        if (pod.nodeName() != null) {
          hosts.add(pod.nodeName());
        }
      }
    }
    List<Node> matching = new ArrayList<>();
    for (Node node : state.nodes()) {
      if (matchesNode(choice, node) && (hosts == null || hosts.contains(node.name()))) {
        matching.add(node);
      }
    }
    return matching;
  }

  /** As many of the names as the mode says, by lot, those chosen before first. */
  static List<String> choose(
      Choice choice, Collection<String> names, long seed, List<String> before) {
    List<String> order = Lot.order(seed, names, before);
    return order.subList(0, count(choice, order.size(), seed));
  }

  /** Chaos Mesh rounds a share down; a random share is at least one where its bound is. */
  private static int count(Choice choice, int candidates, long seed) {
    double share = candidates * Math.min(choice.value(), PERCENT) / PERCENT;
    switch (choice.mode()) {
      case ONE:
        return Math.min(1, candidates);
      case FIXED:
        return Math.min(choice.value(), candidates);
      case FIXED_PERCENT:
        return (int) share;
      case RANDOM_MAX_PERCENT:
        return (int) Math.ceil(Lot.fraction(seed, "share") * (int) share);
      default:
        return candidates;
    }
  }

  /** Namespaces alone do not turn a choice of nodes into one of Pods: that is every fault's own. */
  private static boolean asksForPods(Choice choice) {
    return !(choice.pods().isEmpty()
        && choice.labels().isEmpty()
        && choice.expressions().isEmpty()
        && choice.services().isEmpty()
        && choice.phases().isEmpty());
  }

  private boolean matches(Choice choice, Pod pod) {
    if (pod.phase().isFinal() && choice.phases().isEmpty()) {
      return false;
    }
    return isEmptyOr(choice.namespaces(), pod.key().namespace())
        && isNamed(choice, pod)
        && isEmptyOr(choice.phases(), pod.phase().text())
        && pod.labels().entrySet().containsAll(choice.labels().entrySet())
        && choice.expressions().stream().allMatch(one -> holds(one, pod.labels()))
        && isOnNode(choice, pod);
  }

  private static boolean isNamed(Choice choice, Pod pod) {
    return choice.pods().isEmpty()
        || choice.pods().getOrDefault(pod.key().namespace(), List.of()).contains(pod.key().name());
  }

  private boolean isOnNode(Choice choice, Pod pod) {
    if (choice.nodes().isEmpty() && choice.nodeLabels().isEmpty()) {
      return true;
    }
    Node node = pod.nodeName() == null ? null : nodes.get(pod.nodeName());
    return node != null && matchesNode(choice, node);
  }

  private static boolean matchesNode(Choice choice, Node node) {
    return isEmptyOr(choice.nodes(), node.name())
        && node.labels().entrySet().containsAll(choice.nodeLabels().entrySet());
  }

  private static boolean isEmptyOr(List<String> allowed, String name) {
    return allowed.isEmpty() || allowed.contains(name);
  }

  private static boolean holds(Expression expression, Map<String, String> labels) {
    String value = labels.get(expression.key());
    switch (expression.operator()) {
      case IN:
        return value != null && expression.values().contains(value);
      case NOT_IN:
        return value == null || !expression.values().contains(value);
      case EXISTS:
        return value != null;
      default:
        return value == null;
    }
  }

  private Set<ObjectName> endpoints(Choice choice) {
    Set<ObjectName> services = services(choice);
    Set<ObjectName> pods = new HashSet<>();
    for (EndpointSlice slice : state.slices()) {
      if (services.contains(new ObjectName(slice.key().namespace(), slice.serviceName()))) {
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
          if (endpoint.podName() != null) {
            pods.add(new ObjectName(slice.key().namespace(), endpoint.podName()));
          }
        }
      }
    }
    return pods;
  }

  /** The Services that the choice names. */
  Set<ObjectName> services(Choice choice) {
    Set<ObjectName> services = new HashSet<>();
    for (String name : choice.services()) {
      int slash = name.indexOf('/');
      services.add(
          slash < 0
              ? new ObjectName(namespace, name)
              : new ObjectName(name.substring(0, slash), name.substring(slash + 1)));
    }
    return services;
  }
}
