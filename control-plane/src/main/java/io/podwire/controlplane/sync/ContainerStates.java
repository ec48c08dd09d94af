package io.podwire.controlplane.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.PodStatus;
import io.podwire.cluster.model.PodStatus.ContainerStatus;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import java.util.HashMap;
import java.util.Map;

/** The {@code status.containerStatuses} of a Pod, as Kubernetes shows them. Stateless. */
final class ContainerStates {

  private static final String WAITING = "ContainerCreating";

  private ContainerStates() {}

  static void describe(ObjectNode pod, PodStatus report, String now) {
    ObjectNode status = Manifests.child(pod, "status");
    Map<String, JsonNode> before = byName(Manifests.objects(status, "containerStatuses"));
    Map<String, JsonNode> specs =
        byName(Manifests.objects(Manifests.child(pod, "spec"), "containers"));
    ArrayNode statuses = ManifestJson.mapper().createArrayNode();
    for (ContainerStatus container : report.containers()) {
      ObjectNode described = statuses.addObject().put("name", container.name());
      JsonNode spec = specs.getOrDefault(container.name(), ManifestJson.object());
      JsonNode last = before.getOrDefault(container.name(), ManifestJson.object());
      described.put("image", spec.path("image").asText()).put("imageID", "");
      described.put("ready", container.ready()).put("started", container.running());
      described.put("restartCount", container.restartCount());
      described.set("state", state(container, report, last, now));
      if (container.restartCount() > 0 && container.exitCode() >= 0) {
        described.putObject("lastState").set("terminated", terminated(container));
      } else {
        described.putObject("lastState");
      }
    }
    status.set("containerStatuses", statuses);
  }

  private static ObjectNode state(
      ContainerStatus container, PodStatus report, JsonNode last, String now) {
    ObjectNode state = ManifestJson.object();
    if (container.running()) {
      JsonNode since = last.path("state").path("running").path("startedAt");
      boolean same = last.path("restartCount").asInt(-1) == container.restartCount();
      state.putObject("running").put("startedAt", same && since.isTextual() ? since.asText() : now);
    } else if (container.exitCode() >= 0 && (report.phase().isFinal() || !waits(container))) {
      state.set("terminated", terminated(container));
    } else {
      String reason = container.reason().isEmpty() ? WAITING : container.reason();
      state.putObject("waiting").put("reason", reason);
    }
    return state;
  }

  /** Whether the reason tells of a container that is about to start again. */
  private static boolean waits(ContainerStatus container) {
    return container.reason().endsWith("BackOff") || container.reason().equals(WAITING);
  }

  private static ObjectNode terminated(ContainerStatus container) {
    String reason = container.exitCode() == 0 ? "Completed" : "Error";
    boolean own = !container.reason().isEmpty() && !waits(container);
    return ManifestJson.object()
        .put("exitCode", container.exitCode())
        .put("reason", own ? container.reason() : reason);
  }

  private static Map<String, JsonNode> byName(Iterable<ObjectNode> objects) {
    Map<String, JsonNode> map = new HashMap<>();
    objects.forEach(object -> map.put(object.path("name").asText(), object));
    return map;
  }
}
