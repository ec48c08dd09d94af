package io.podwire.cli.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** A Pod's columns. */
final class PodColumns {
  private PodColumns() {}

  static List<Column> at(Instant now) {
    return List.of(
        Column.name(),
        Column.of("READY", PodColumns::ready),
        Column.of("STATUS", PodColumns::status),
        Column.of("RESTARTS", PodColumns::restarts),
        Column.age(now),
        Column.wide("IP", pod -> Column.orNone(pod.path("status").path("podIP").asText())),
        Column.wide("NODE", pod -> Column.orNone(pod.path("spec").path("nodeName").asText())));
  }

  private static String ready(JsonNode pod) {
    int ready = 0;
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      ready += container.path("ready").asBoolean() ? 1 : 0;
    }
    return ready + "/" + pod.path("spec").path("containers").size();
  }

  /** The most telling word: a container's reason before the Pod's, the phase last. */
  static String status(JsonNode pod) {
    if (pod.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    String reason = pod.path("status").path("reason").asText();
    String status = reason.isEmpty() ? pod.path("status").path("phase").asText("Unknown") : reason;
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      JsonNode state = container.path("state");
      String waiting = state.path("waiting").path("reason").asText();
      JsonNode terminated = state.path("terminated");
      if (!waiting.isEmpty()) {
        status = waiting;
      } else if (!terminated.path("reason").asText().isEmpty()) {
        status = terminated.path("reason").asText();
      } else if (terminated.has("exitCode")) {
        status = "ExitCode:" + terminated.path("exitCode").asInt();
      }
    }
    return status;
  }

  private static String restarts(JsonNode pod) {
    int restarts = 0;
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      restarts += container.path("restartCount").asInt();
    }
    return Integer.toString(restarts);
  }
}
