package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.MalformedManifestException;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ManifestParser;
import io.podwire.controlplane.kind.Problem;
import io.podwire.controlplane.kind.Problems;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Applies a stream of manifests as kubectl apply does, but all of it or nothing: everything is
 * checked first, and what was written is undone where a later write fails. Thread-safe.
 */
public final class BulkApply {

  private final Store store;
  private final ObjectRegistry registry;
  private final ObjectVersions versions;
  private final ObjectChecks checks;

  BulkApply(Store store, ObjectRegistry registry, ObjectVersions versions, ObjectChecks checks) {
    this.store = store;
    this.registry = registry;
    this.versions = versions;
    this.checks = checks;
  }

  /** On what the API works, for applying manifests without HTTP. */
  public static BulkApply of(ApiEnvironment environment) {
    return new ApiParts(environment).bulkApply();
  }

  /**
   * Applies the manifests and answers as {@code POST /podwire/v1/apply} does.
   *
   * @param namespace of the objects that name none
   * @throws RequestRefusedException with everything that is wrong; nothing has been written
   */
  public ObjectNode apply(byte[] manifests, String namespace) {
    try {
      return apply(manifests, namespace, FieldValidation.STRICT, false);
    } catch (ApiException e) {
      throw RequestRefusedException.of(e);
    } catch (MalformedManifestException e) {
      throw RequestRefusedException.of(ApiException.badRequest(String.valueOf(e.getMessage())));
    }
  }

  ObjectNode apply(byte[] manifests, String namespace, FieldValidation validation, boolean dryRun) {
    List<BatchEntry> batch =
        ManifestParser.parse(manifests).stream()
            .map(document -> new BatchEntry(document, namespace))
            .toList();
    if (batch.isEmpty()) {
      throw ApiException.badRequest("the body holds no object; send at least one manifest");
    }
    check(batch, validation);
    warn(batch);
    allocate(batch);
    if (!dryRun) {
      new BatchWrite(store, registry, entry -> planAgain(entry, validation)).write(batch);
    }
    return answer(batch);
  }

  private void check(List<BatchEntry> batch, FieldValidation validation) {
    Set<String> namespaces = new HashSet<>();
    Map<ResourceKey, BatchEntry> keys = new HashMap<>();
    List<BatchEntry> known = batch.stream().filter(BatchEntry::isKnown).toList();
    for (BatchEntry entry : known) {
      if (entry.kind().equals(KindTable.NAMESPACE)) {
        namespaces.add(entry.key().name());
      }
      BatchEntry first = keys.putIfAbsent(entry.key(), entry);
      if (first != null && !entry.key().name().isEmpty()) {
        entry
            .problems()
            .duplicate(
                Field.root(entry.manifest()).at("metadata", "name"),
                "the same object is in " + first.describe() + "; keep one of them");
      }
    }
    for (BatchEntry entry : known) {
      plan(entry, validation, entry.problems());
      checks.namespace(
          entry.kind(), Field.root(entry.manifest()), namespaces::contains, entry.problems());
    }
    checkClaims(known);
    List<ObjectNode> planned = known.stream().map(BatchEntry::planned).toList();
    for (BatchEntry entry : known) {
      if (entry.before == null) {
        checks.fault(entry.kind(), entry.planned(), planned, entry.problems());
      }
    }
    List<Problem> problems = batch.stream().flatMap(BatchEntry::described).toList();
    if (!problems.isEmpty()) {
      long wrong = batch.stream().filter(entry -> !entry.problems().isEmpty()).count();
      throw ApiException.invalid(
          count(problems.size(), "problem")
              + " in "
              + wrong
              + " of "
              + count(batch.size(), "document")
              + "; nothing was applied",
          problems);
    }
  }

  /** Reads the live object and works out what it is to become. */
  private void plan(BatchEntry entry, FieldValidation validation, Problems problems) {
    Kind kind = entry.kind();
    ObjectNode manifest = entry.manifest();
    ObjectChecks.shape(kind, manifest, validation, problems, entry.warnings());
    ObjectNode before =
        ObjectChecks.isAddressable(kind, manifest)
            ? store.get(entry.key()).map(ManifestJson::read).orElse(null)
            : null;
    ObjectNode annotated = LastApplied.annotate(manifest);
    ObjectNode after;
    if (before == null) {
      after = versions.first(kind, annotated);
    } else {
      checkLive(before, manifest, problems);
      ThreeWayMerge merge = new ThreeWayMerge(kind.mergeKeys());
      after = versions.next(kind, before, merge.merge(LastApplied.of(before), annotated, before));
    }
    checks.values(kind, before, after, problems, entry.warnings());
    checks.claims(kind, after, before == null ? Set.of() : kind.rules().claims(before), problems);
    entry.before = before;
    entry.after = after;
  }

  private static void checkLive(ObjectNode before, ObjectNode manifest, Problems problems) {
    Field version = Field.root(manifest).at("metadata", "resourceVersion");
    String actual = before.path("metadata").path("resourceVersion").asText();
    if (version.isGiven() && !actual.equals(version.text())) {
      problems.invalid(
          version,
          version.shown()
              + " is not the live object's, which is '"
              + actual
              + "'; remove the field from the manifest");
    }
    if (ObjectChecks.isTerminating(before)) {
      problems.forbidden(
          Field.root(manifest).at("metadata", "name"),
          "the live object is being deleted; wait until it is gone and apply again");
    }
  }

  /** Another writer changed the object in between: the same wish on its new version. */
  private void planAgain(BatchEntry entry, FieldValidation validation) {
    Problems problems = new Problems();
    entry.warnings().clear();
    plan(entry, validation, problems);
    if (!problems.isEmpty()) {
      List<Problem> found = problems.found();
      throw ApiException.invalid(entry.kind(), entry.key().name(), found);
    }
    entry.after = registry.allocate(entry.kind(), entry.planned(), Set.of());
  }

  /** Two objects of one batch that name the same address. */
  private static void checkClaims(List<BatchEntry> batch) {
    Map<Claim, BatchEntry> claims = new HashMap<>();
    for (BatchEntry entry : batch) {
      for (Claim claim : entry.kind().rules().claims(entry.planned())) {
        BatchEntry first = claims.putIfAbsent(claim, entry);
        if (first != null) {
          entry
              .problems()
              .duplicate(
                  ObjectChecks.claimField(claim, entry.planned()),
                  "'" + claim.value() + "' is in " + first.describe() + " too; choose another");
        }
      }
    }
  }

  private void warn(List<BatchEntry> batch) {
    Map<String, List<ObjectNode>> pods = new HashMap<>();
    for (BatchEntry entry : batch) {
      if (entry.kind().equals(KindTable.SERVICE)) {
        ObjectChecks.selector(
            entry.planned(),
            pods.computeIfAbsent(entry.key().namespace(), namespace -> pods(namespace, batch)),
            entry.warnings());
      }
    }
  }

  /** The Pods that a namespace will have: those of the batch and those that are there. */
  private List<ObjectNode> pods(String namespace, List<BatchEntry> batch) {
    Stream<ObjectNode> planned =
        batch.stream()
            .filter(entry -> entry.kind().equals(KindTable.POD))
            .filter(entry -> entry.key().namespace().equals(namespace))
            .map(BatchEntry::planned);
    return Stream.concat(planned, checks.pods(namespace).stream()).toList();
  }

  private void allocate(List<BatchEntry> batch) {
    Set<Claim> reserved = new HashSet<>();
    for (BatchEntry entry : batch) {
      reserved.addAll(entry.kind().rules().claims(entry.planned()));
    }
    for (BatchEntry entry : batch) {
      if (!entry.isUnchanged()) {
        entry.after = registry.allocate(entry.kind(), entry.planned(), reserved);
        reserved.addAll(entry.kind().rules().claims(entry.planned()));
      }
    }
  }

  private static ObjectNode answer(List<BatchEntry> batch) {
    ObjectNode answer = ManifestJson.object();
    answer.put("kind", "List").put("apiVersion", "v1");
    long revision =
        batch.stream().mapToLong(e -> ObjectRegistry.revision(e.planned())).max().orElse(0);
    answer.putObject("metadata").put("resourceVersion", Long.toString(revision));
    ArrayNode items = answer.putArray("items");
    ArrayNode results = answer.putArray("results");
    ArrayNode warnings = answer.putArray("warnings");
    for (BatchEntry entry : batch) {
      items.add(entry.planned());
      results.add(
          entry.result(
              entry.before == null ? "created" : entry.isUnchanged() ? "unchanged" : "configured"));
      entry.describedWarnings().forEach(warnings::add);
    }
    return answer;
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
