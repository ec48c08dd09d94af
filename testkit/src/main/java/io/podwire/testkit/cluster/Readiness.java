package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Reads the condition Ready of Pods and Nodes. */
final class Readiness {
  /** Of a container whose program cannot be run: waiting, or terminated until the next try. */
  private static final String START_ERROR = "StartError";

  /** Reasons of a waiting container, as {@code podwire up} gives up for them. */
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

  private Readiness() {}

  /** Whether it is Ready. */
  static boolean of(JsonNode object) {
    for (JsonNode condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  /**
   * Whether there is nothing to wait for: a Pod that has done its work is as good as a Ready one.
   */
  static boolean settled(JsonNode pod) {
    return of(pod) || pod.at("/status/phase").asText().equals("Succeeded");
  }

  /** Whether time alone does not mend it. */
  static boolean isHopeless(JsonNode pod) {
    for (JsonNode container : pod.at("/status/containerStatuses")) {
      if (FATAL_REASONS.contains(container.at("/state/waiting/reason").asText())
          || container.at("/state/terminated/reason").asText().equals(START_ERROR)) {
        return true;
      }
    }
    return pod.at("/status/phase").asText().equals("Failed");
  }

  /** Why not, as far as the object tells. */
  static String reason(JsonNode object) {
    String message = object.at("/status/message").asText();
    if (!message.isEmpty()) {
      return object.at("/status/reason").asText() + ": " + message;
    }
    for (JsonNode container : object.at("/status/containerStatuses")) {
      for (String state : new String[] {"waiting", "terminated"}) {
        JsonNode why = container.path("state").path(state);
        if (!why.isMissingNode()) {
          return (why.path("reason").asText() + " " + why.path("message").asText()).strip();
        }
      }
    }
    for (JsonNode condition : object.at("/status/conditions")) {
      if (!condition.path("status").asText().equals("True")) {
        String why = condition.path("reason").asText() + " " + condition.path("message").asText();
        if (!why.isBlank()) {
          return why.strip();
        }
      }
    }
    return "phase " + object.at("/status/phase").asText("unknown");
  }
}
