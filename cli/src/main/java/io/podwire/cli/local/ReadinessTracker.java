package io.podwire.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which Nodes and Pods are Ready, by the watch events so far.
 *
 * <p>Not thread-safe.
 */
final class ReadinessTracker {
  /** Of a container whose program cannot be run: waiting, or terminated until the next try. */
  private static final String START_ERROR = "StartError";

  /** Reasons of a waiting container that time alone does not mend. */
  private static final Set<String> FATAL_REASONS =
      Set.of(
          "CrashLoopBackOff",
          "CreateContainerConfigError",
          "CreateContainerError",
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "RunContainerError",
          START_ERROR);

  private final Set<String> expectedNodes;
  private final Map<String, Boolean> nodes = new TreeMap<>();
  private final Map<String, Boolean> pods = new TreeMap<>();
  private boolean podsListed;

  ReadinessTracker(List<String> expectedNodes) {
    this.expectedNodes = Set.copyOf(expectedNodes);
    this.expectedNodes.forEach(node -> nodes.put(node, false));
  }

  /** Takes in a Node as it is now. */
  void node(JsonNode node) {
    nodes.put(node.path("metadata").path("name").asText(), isReady(node));
  }

  /**
   * Takes in a Pod as it is now.
   *
   * @return why it will never be Ready, where that is so
   */
  Optional<String> pod(JsonNode pod, boolean deleted) {
    JsonNode metadata = pod.path("metadata");
    String name = metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
    if (deleted) {
      pods.remove(name);
      return Optional.empty();
    }
    String phase = pod.path("status").path("phase").asText();
    pods.put(name, phase.equals("Succeeded") || isReady(pod));
    if (phase.equals("Failed")) {
      return Optional.of("Pod " + name + " failed: " + reason(pod.path("status")));
    }
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      JsonNode waiting = container.path("state").path("waiting");
      if (FATAL_REASONS.contains(waiting.path("reason").asText())) {
        return Optional.of("Pod " + name + " does not start: " + reason(waiting));
      }
      JsonNode terminated = container.path("state").path("terminated");
      if (terminated.path("reason").asText().equals(START_ERROR)) {
        return Optional.of("Pod " + name + " does not start: " + reason(pod.path("status")));
      }
    }
    return Optional.empty();
  }

  /** Every Pod that there was has been told: before, those that are Ready may be the first few. */
  void podsListed() {
    podsListed = true;
  }

  private static String reason(JsonNode state) {
    String reason = state.path("reason").asText();
    String message = state.path("message").asText();
    if (reason.isEmpty() && message.isEmpty()) {
      return "no reason given";
    }
    return message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
  }

  private static boolean isReady(JsonNode object) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  boolean nodesReady() {
    return nodes.keySet().containsAll(expectedNodes) && !nodes.containsValue(false);
  }

  boolean podsReady() {
    return podsListed && !pods.isEmpty() && !pods.containsValue(false);
  }

  int podCount() {
    return pods.size();
  }

  /** How far both are, for people. */
  String text() {
    return "Nodes ready: " + ready(nodes) + ", Pods ready: " + ready(pods);
  }

  /** The names of what is not Ready yet. */
  List<String> missing() {
    return Stream.of(nodes, pods)
        .flatMap(map -> map.entrySet().stream())
        .filter(entry -> !entry.getValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String ready(Map<String, Boolean> states) {
    long ready = states.values().stream().filter(Boolean::booleanValue).count();
    return ready + " of " + states.size();
  }
}
