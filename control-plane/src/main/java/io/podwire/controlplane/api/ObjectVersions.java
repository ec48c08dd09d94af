package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.Manifests;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next version of an object from what a client sent: the server's own fields stay the
 * server's. Thread-safe.
 */
final class ObjectVersions {

  private static final List<String> SERVER_OWNED =
      List.of(
          "uid",
          "resourceVersion",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink");

  private final ApiEnvironment environment;

  ObjectVersions(ApiEnvironment environment) {
    this.environment = environment;
  }

  /** The first version. */
  ObjectNode first(Kind kind, ObjectNode manifest) {
    ObjectNode created = manifest.deepCopy();
    Manifests.dropNulls(created);
    ObjectNode metadata = Manifests.child(created, "metadata");
    metadata.remove(SERVER_OWNED);
    metadata.remove("managedFields");
    if (!kind.namespaced()) {
      dropEmpty(metadata, "namespace");
    }
    generateName(metadata);
    metadata.put("uid", environment.newUid());
    metadata.put("creationTimestamp", environment.timestamp());
    metadata.put("generation", 1);
    kind.rules().initialize(created);
    kind.setDefaults(created);
    return created;
  }

  /** The version after this one; {@code before} itself where nothing differs. */
  ObjectNode next(Kind kind, ObjectNode before, ObjectNode manifest) {
    ObjectNode after = manifest.deepCopy();
    Manifests.dropNulls(after);
    keepServerOwned(before, after);
    if (kind.hasStatus()) {
      replace(after, "status", before.get("status"));
    }
    kind.rules().carryOver(before, after);
    kind.setDefaults(after);
    if (after.equals(before)) {
      return before;
    }
    if (!desired(after).equals(desired(before))) {
      Manifests.child(after, "metadata")
          .put(
              "generation",
              Field.root(before).at("metadata", "generation").isPresent()
                  ? before.path("metadata").path("generation").longValue() + 1
                  : 1);
    }
    return after;
  }

  /** The version after this one, with another status and nothing else changed. */
  static ObjectNode nextStatus(ObjectNode before, ObjectNode manifest) {
    ObjectNode after = before.deepCopy();
    JsonNode status = manifest.get("status");
    replace(after, "status", status == null || status.isNull() ? null : status.deepCopy());
    Manifests.dropNulls(after);
    return after;
  }

  private void generateName(ObjectNode metadata) {
    Field fields = new Field("metadata", metadata);
    String prefix = fields.at("generateName").text();
    if (prefix != null && !fields.at("name").isGiven()) {
      metadata.put("name", prefix + environment.newSuffix());
    }
  }

  private static void keepServerOwned(ObjectNode before, ObjectNode after) {
    ObjectNode metadata = Manifests.child(after, "metadata");
    metadata.remove("managedFields");
    for (String field : SERVER_OWNED) {
      replace(metadata, field, before.path("metadata").get(field));
    }
  }

  private static void replace(ObjectNode object, String field, @Nullable JsonNode value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }

  private static void dropEmpty(ObjectNode object, String field) {
    if (Objects.equals(object.path(field).textValue(), "")) {
      object.remove(field);
    }
  }

  private static ObjectNode desired(ObjectNode manifest) {
    ObjectNode desired = manifest.deepCopy();
    desired.remove(List.of("metadata", "status"));
    return desired;
  }
}
