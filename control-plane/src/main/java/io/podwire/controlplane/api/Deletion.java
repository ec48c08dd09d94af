package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.kind.ModelReader;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes objects as their kinds are deleted: a Pod on a node is asked to end, a Namespace takes
 * its content along, a Service its EndpointSlices. Idempotent; thread-safe.
 */
final class Deletion {

  private static final Set<String> KEPT_NAMESPACES =
      Set.of("default", "kube-system", "kube-public");
  private static final int MAX_ATTEMPTS = 10;

  private final Store store;
  private final ApiEnvironment environment;

  Deletion(ApiEnvironment environment) {
    this.environment = environment;
    this.store = environment.store();
  }

  /** What has become of the object. */
  enum Outcome {
    DELETED,
    TERMINATING
  }

  /**
   * What a client may ask of a deletion.
   *
   * @param gracePeriodSeconds null for the Pod's own
   * @param resourceVersion expected, empty where any will do
   * @param uid expected, empty where any will do
   */
  record Options(
      @Nullable Long gracePeriodSeconds, String resourceVersion, String uid, boolean dryRun) {

    static final Options NONE = new Options(null, "", "", false);
  }

  /**
   * The outcome with the object's last or terminating version.
   *
   * @param object with its resourceVersion
   */
  record Deleted(Outcome outcome, ObjectNode object) {}

  /** Deletes one object; a missing one is an {@link ApiException}. */
  Deleted delete(Kind kind, ResourceKey key, Options options) {
    for (int attempt = 1; ; attempt++) {
      ObjectNode current =
          store
              .get(key)
              .map(ManifestJson::read)
              .orElseThrow(() -> ApiException.notFound(kind, key.name()));
      checkPreconditions(kind, key, current, options);
      try {
        return deleteVersion(kind, key, current, options);
      } catch (StoreException.NotFound e) {
        throw ApiException.notFound(kind, key.name());
      } catch (StoreException.Conflict conflict) {
        if (attempt == MAX_ATTEMPTS) {
          throw conflict;
        }
      }
    }
  }

  private Deleted deleteVersion(Kind kind, ResourceKey key, ObjectNode current, Options options) {
    if (kind.equals(KindTable.NAMESPACE) && KEPT_NAMESPACES.contains(key.name())) {
      throw ApiException.forbidden(kind, key.name(), "this namespace may not be deleted");
    }
    if (kind.equals(KindTable.NODE) && isReady(current)) {
      // Its agent would be given another Pod network under its running Pods.
      throw ApiException.conflict(
          kind, key.name(), "its agent is connected; stop the agent first, then delete the Node");
    }
    boolean graceful = kind.equals(KindTable.POD) && isHeldByNode(current, options);
    if (options.dryRun()) {
      return new Deleted(graceful ? Outcome.TERMINATING : Outcome.DELETED, current);
    }
    if (graceful) {
      return new Deleted(Outcome.TERMINATING, terminatePod(key, current, options));
    }
    if (kind.equals(KindTable.NAMESPACE)) {
      return deleteNamespace(key, current);
    }
    store.delete(key, ObjectRegistry.revision(current));
    if (kind.equals(KindTable.SERVICE)) {
      deleteSlices(key, current);
    }
    return new Deleted(Outcome.DELETED, current);
  }

  private static boolean isReady(ObjectNode node) {
    return Field.root(node).at("status", "conditions").items().stream()
        .filter(condition -> condition.at("type").textOr("").equals("Ready"))
        .anyMatch(condition -> condition.at("status").textOr("").equals("True"));
  }

  /** Whether a node has to end the Pod's programs and release its network first. */
  private boolean isHeldByNode(ObjectNode pod, Options options) {
    String node = Field.root(pod).at("spec", "nodeName").textOr("");
    Long grace = options.gracePeriodSeconds();
    return !node.isEmpty()
        && !(grace != null && grace == 0)
        && store.get(KindTable.NODE.key("", node)).isPresent();
  }

  private ObjectNode terminatePod(ResourceKey key, ObjectNode pod, Options options) {
    Field manifest = Field.root(pod);
    Long asked = options.gracePeriodSeconds();
    Integer own = manifest.at("spec", "terminationGracePeriodSeconds").number();
    long grace = asked != null ? asked : own != null ? own : 30;
    Integer left = manifest.at("metadata", "deletionGracePeriodSeconds").number();
    if (ObjectChecks.isTerminating(pod) && left != null && left <= grace) {
      return pod;
    }
    ObjectNode terminating = pod.deepCopy();
    ObjectNode metadata = Manifests.child(terminating, "metadata");
    metadata.put(
        "deletionTimestamp",
        environment
            .clock()
            .instant()
            .truncatedTo(ChronoUnit.SECONDS)
            .plusSeconds(grace)
            .toString());
    metadata.put("deletionGracePeriodSeconds", grace);
    return update(key, pod, terminating);
  }

  private Deleted deleteNamespace(ResourceKey key, ObjectNode namespace) {
    ObjectNode terminating = namespace;
    if (!ObjectChecks.isTerminating(namespace)) {
      ObjectNode marked = namespace.deepCopy();
      Manifests.child(marked, "metadata").put("deletionTimestamp", environment.timestamp());
      Manifests.child(marked, "status").put("phase", "Terminating");
      terminating = update(key, namespace, marked);
    }
    boolean gone = deleteContent(key.name());
    return new Deleted(gone ? Outcome.DELETED : Outcome.TERMINATING, terminating);
  }

  /** Deletes what is in a terminating namespace, and the namespace itself once it is empty. */
  boolean deleteContent(String namespace) {
    boolean empty = true;
    for (Kind kind : KindTable.kinds()) {
      if (kind.namespaced()) {
        for (StoredObject object : store.list(kind.resource(), namespace).objects()) {
          empty &= deleteQuietly(kind, object.key()) == Outcome.DELETED;
        }
      }
    }
    if (empty) {
      remove(KindTable.NAMESPACE.key("", namespace));
    }
    return empty;
  }

  private Outcome deleteQuietly(Kind kind, ResourceKey key) {
    try {
      return delete(kind, key, Options.NONE).outcome();
    } catch (ApiException e) {
      if (e.code() == 404) {
        return Outcome.DELETED;
      }
      throw e;
    }
  }

  /** The slices that tell where a Service's endpoints are mean nothing without it. */
  private void deleteSlices(ResourceKey service, ObjectNode manifest) {
    String uid = manifest.path("metadata").path("uid").asText("");
    String resource = KindTable.ENDPOINT_SLICE.resource();
    for (StoredObject slice : store.list(resource, service.namespace()).objects()) {
      Field metadata = Field.root(ManifestJson.read(slice)).at("metadata");
      boolean labelled =
          service.name().equals(metadata.at("labels").at(ModelReader.SERVICE_NAME_LABEL).text());
      boolean owned =
          metadata.at("ownerReferences").items().stream()
              .anyMatch(owner -> !uid.isEmpty() && uid.equals(owner.at("uid").text()));
      if (labelled || owned) {
        remove(slice.key());
      }
    }
  }

  private void remove(ResourceKey key) {
    try {
      store.delete(key, Store.ANY_REVISION);
    } catch (StoreException.NotFound alreadyGone) {
      // Which is what was wanted.
    }
  }

  private ObjectNode update(ResourceKey key, ObjectNode before, ObjectNode after) {
    StoredObject stored =
        store.update(
            key, ManifestJson.toStored(after), ObjectRegistry.revision(before), Set.of(), Set.of());
    return ManifestJson.read(stored);
  }

  private static void checkPreconditions(
      Kind kind, ResourceKey key, ObjectNode current, Options options) {
    for (String field : List.of("resourceVersion", "uid")) {
      String expected = field.equals("uid") ? options.uid() : options.resourceVersion();
      String actual = current.path("metadata").path(field).asText("");
      if (!expected.isEmpty() && !expected.equals(actual)) {
        throw ApiException.conflict(
            kind,
            key.name(),
            "the precondition on " + field + " asks for " + expected + ", but it is " + actual);
      }
    }
  }
}
