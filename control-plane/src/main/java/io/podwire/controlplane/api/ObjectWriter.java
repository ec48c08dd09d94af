package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.kind.Problem;
import io.podwire.controlplane.kind.Problems;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Creates and changes one object as a request asks. Thread-safe. */
final class ObjectWriter {

  /** Attempts of a change that names no resourceVersion, while others write the same object. */
  private static final int MAX_ATTEMPTS = 10;

  private final Store store;
  private final ObjectRegistry registry;
  private final ObjectVersions versions;
  private final ObjectChecks checks;

  ObjectWriter(Store store, ObjectRegistry registry, ObjectVersions versions, ObjectChecks checks) {
    this.store = store;
    this.registry = registry;
    this.versions = versions;
    this.checks = checks;
  }

  /** How a write is done. */
  record Options(FieldValidation validation, boolean dryRun, List<String> warnings) {}

  ObjectNode create(Kind kind, String namespace, ObjectNode manifest, Options options) {
    Field metadata = Field.root(manifest).at("metadata");
    if (metadata.at("resourceVersion").isGiven()) {
      throw ApiException.badRequest(
          "resourceVersion should not be set on objects to be created; remove the field");
    }
    settleNamespace(kind, namespace, manifest);
    Problems problems = new Problems();
    ObjectChecks.shape(kind, manifest, options.validation(), problems, options.warnings());
    ObjectNode first = versions.first(kind, manifest);
    checks.values(kind, null, first, problems, options.warnings());
    checks.namespace(kind, Field.root(first), name -> false, problems);
    checks.claims(kind, first, Set.of(), problems);
    checks.fault(kind, first, List.of(), problems);
    refuse(kind, first, problems);
    if (options.dryRun()) {
      if (store.get(ObjectChecks.key(kind, first)).isPresent()) {
        throw ApiException.alreadyExists(kind, Field.root(first).at("metadata", "name").textOr(""));
      }
      ObjectNode planned = registry.allocate(kind, first, Set.of());
      checks.describeFault(
          kind, planned, Field.root(first).at("metadata", "creationTimestamp").textOr(""));
      return planned;
    }
    try {
      return registry.create(kind, first);
    } catch (StoreException.AlreadyExists e) {
      throw ApiException.alreadyExists(kind, ObjectChecks.key(kind, first).name());
    }
  }

  /** Replaces the object by a whole manifest. */
  ObjectNode replace(
      Kind kind, ResourceKey key, ObjectNode manifest, boolean status, Options options) {
    settleNamespace(kind, key.namespace(), manifest);
    Field name = Field.root(manifest).at("metadata", "name");
    if (!key.name().equals(name.textOr(key.name()))) {
      throw ApiException.badRequest(
          "the name of the object ("
              + name.text()
              + ") does not match the name on the URL ("
              + key.name()
              + ")");
    }
    Manifests.child(manifest, "metadata").put("name", key.name());
    return change(kind, key, status, before -> manifest, options);
  }

  /** Changes the object as a function of its current version. */
  ObjectNode change(
      Kind kind, ResourceKey key, boolean status, UnaryOperator<ObjectNode> edit, Options options) {
    for (int attempt = 1; ; attempt++) {
      options.warnings().clear();
      ObjectNode before = registry.get(kind, key);
      ObjectNode edited = edit.apply(before);
      checkPreconditions(kind, key, before, edited);
      Problems problems = new Problems();
      ObjectChecks.shape(kind, edited, options.validation(), problems, options.warnings());
      ObjectNode after =
          status ? ObjectVersions.nextStatus(before, edited) : versions.next(kind, before, edited);
      checks.values(kind, before, after, problems, options.warnings());
      checks.claims(kind, after, kind.rules().claims(before), problems);
      refuse(kind, after, problems);
      if (after.equals(before)) {
        return before;
      }
      if (options.dryRun()) {
        return registry.allocate(kind, after, Set.of());
      }
      try {
        return registry.update(kind, before, after);
      } catch (StoreException.Conflict conflict) {
        // A client that names no version asked for the change whatever the version is.
        if (attempt == MAX_ATTEMPTS) {
          throw conflict;
        }
      } catch (StoreException.NotFound gone) {
        throw ApiException.notFound(kind, key.name());
      }
    }
  }

  private static void settleNamespace(Kind kind, String namespace, ObjectNode manifest) {
    Field given = Field.root(manifest).at("metadata", "namespace");
    if (!kind.namespaced()) {
      return;
    }
    if (given.isGiven() && !namespace.equals(given.text())) {
      throw ApiException.badRequest(
          "the namespace of the object ("
              + given.shown()
              + ") does not match the namespace on the "
              + "URL ("
              + namespace
              + ")");
    }
    Manifests.child(manifest, "metadata").put("namespace", namespace);
  }

  private static void checkPreconditions(
      Kind kind, ResourceKey key, ObjectNode before, ObjectNode edited) {
    JsonNode expected = edited.path("metadata").path("resourceVersion");
    JsonNode actual = before.path("metadata").path("resourceVersion");
    if (!expected.asText("").isEmpty() && !expected.equals(actual)) {
      throw ApiException.conflict(
          kind,
          key.name(),
          "the object has been modified (resourceVersion is "
              + actual.asText()
              + "); please apply your changes to the latest version and try again");
    }
    String uid = edited.path("metadata").path("uid").asText("");
    String actualUid = before.path("metadata").path("uid").asText("");
    if (!uid.isEmpty() && !uid.equals(actualUid)) {
      throw ApiException.conflict(
          kind,
          key.name(),
          "the uid in the precondition (" + uid + ") is not the object's, " + actualUid);
    }
  }

  private static void refuse(Kind kind, ObjectNode manifest, Problems problems) {
    if (!problems.isEmpty()) {
      List<Problem> found = problems.found();
      throw ApiException.invalid(
          kind, Field.root(manifest).at("metadata", "name").textOr(""), found);
    }
  }
}
