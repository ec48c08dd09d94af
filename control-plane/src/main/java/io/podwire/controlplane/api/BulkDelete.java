package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ManifestParser;
import io.podwire.controlplane.kind.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Deletes everything that a stream of manifests names, the last document first. Thread-safe. */
final class BulkDelete {

  private final Store store;
  private final Deletion deletion;

  BulkDelete(Store store, Deletion deletion) {
    this.store = store;
    this.deletion = deletion;
  }

  ObjectNode delete(byte[] manifests, String namespace, Deletion.Options options) {
    List<BatchEntry> batch =
        ManifestParser.parse(manifests).stream()
            .map(document -> new BatchEntry(document, namespace))
            .toList();
    check(batch);
    Set<BatchEntry> present =
        batch.stream()
            .filter(entry -> store.get(entry.key()).isPresent())
            .collect(Collectors.toSet());
    Map<BatchEntry, String> outcomes = new HashMap<>();
    for (BatchEntry entry : batch.reversed()) {
      outcomes.put(entry, delete(entry, options, present.contains(entry)));
    }
    ObjectNode answer = ManifestJson.object();
    answer.put("kind", "List").put("apiVersion", "v1").putObject("metadata");
    ArrayNode results = answer.putArray("results");
    batch.forEach(entry -> results.add(entry.result(outcomes.getOrDefault(entry, "notfound"))));
    answer.putArray("warnings");
    return answer;
  }

  private String delete(BatchEntry entry, Deletion.Options options, boolean present) {
    try {
      var deleted = deletion.delete(entry.kind(), entry.key(), options);
      return deleted.outcome().name().toLowerCase(Locale.ROOT);
    } catch (ApiException e) {
      // It may have gone together with its namespace or its Service.
      if (e.code() == 404) {
        return present ? "deleted" : "notfound";
      }
      throw e;
    }
  }

  private static void check(List<BatchEntry> batch) {
    if (batch.isEmpty()) {
      throw ApiException.badRequest("the body holds no object; send at least one manifest");
    }
    for (BatchEntry entry : batch) {
      if (entry.isKnown() && !ObjectChecks.isAddressable(entry.kind(), entry.manifest())) {
        Field metadata = Field.root(entry.manifest()).at("metadata");
        entry
            .problems()
            .invalid(
                metadata.at("name"),
                entry.key().objectName()
                    + " cannot be the name of an object; write one that exists");
      }
    }
    List<Problem> problems = batch.stream().flatMap(BatchEntry::described).toList();
    if (!problems.isEmpty()) {
      throw ApiException.invalid("the manifests name no objects; nothing was deleted", problems);
    }
  }
}
