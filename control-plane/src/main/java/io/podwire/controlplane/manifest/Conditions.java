package io.podwire.controlplane.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.Manifests;

/** The {@code status.conditions} of Nodes and Pods. Stateless. */
public final class Conditions {

  private Conditions() {}

  /**
   * Sets a condition; the time of its last transition changes with its status only.
   *
   * @param status {@code True}, {@code False} or {@code Unknown}
   * @param reason a CamelCase word; empty for none
   * @param message for people; empty for none
   */
  public static void set(
      ObjectNode manifest,
      String type,
      String status,
      String reason,
      String message,
      String timestamp) {
    ObjectNode condition = find(manifest, type);
    if (!condition.path("status").asText().equals(status)) {
      condition.put("status", status).put("lastTransitionTime", timestamp);
    }
    put(condition, "reason", reason);
    put(condition, "message", message);
  }

  private static ObjectNode find(ObjectNode manifest, String type) {
    ObjectNode status = Manifests.child(manifest, "status");
    for (ObjectNode condition : Manifests.objects(status, "conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    ArrayNode conditions =
        status.get("conditions") instanceof ArrayNode present
            ? present
            : status.putArray("conditions");
    return conditions.addObject().put("type", type);
  }

  private static void put(ObjectNode condition, String field, String text) {
    if (text.isEmpty()) {
      condition.remove(field);
    } else {
      condition.put(field, text);
    }
  }
}
