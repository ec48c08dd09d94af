package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestDocument;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.kind.Problem;
import io.podwire.controlplane.kind.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One object of a batch on its way: what is wanted, what is there, what is wrong. */
final class BatchEntry {

  private final int document;
  private final ObjectNode manifest;
  private final @Nullable Kind kind;
  private final Problems problems = new Problems();
  private final List<String> warnings = new ArrayList<>();

  /** The live object, null where there is none. */
  @Nullable ObjectNode before;

  /** The object as it is to be; the same as {@link #before} where nothing changes. */
  @Nullable ObjectNode after;

  BatchEntry(ManifestDocument document, String defaultNamespace) {
    this.document = document.number();
    this.manifest = document.manifest();
    this.kind = KindTable.resolve(Field.root(manifest), problems).orElse(null);
    if (kind != null && kind.namespaced()) {
      ObjectNode metadata = Manifests.child(manifest, "metadata");
      if (!new Field("metadata", metadata).at("namespace").isGiven()) {
        metadata.put("namespace", defaultNamespace);
      }
    }
  }

  boolean isKnown() {
    return kind != null;
  }

  Kind kind() {
    if (kind == null) {
      throw new IllegalStateException(describe() + " has no known kind");
    }
    return kind;
  }

  ObjectNode manifest() {
    return manifest;
  }

  ResourceKey key() {
    return ObjectChecks.key(kind(), manifest);
  }

  Problems problems() {
    return problems;
  }

  List<String> warnings() {
    return warnings;
  }

  ObjectNode planned() {
    if (after == null) {
      throw new IllegalStateException(describe() + " has not been planned");
    }
    return after;
  }

  /** Whether nothing has to be written. */
  @SuppressWarnings("ReferenceEquality")
  boolean isUnchanged() {
    return after != null && after == before;
  }

  /** The problems with messages that name the document. */
  Stream<Problem> described() {
    return problems.found().stream()
        .map(p -> new Problem(p.reason(), p.field(), describe() + ": " + p.message()));
  }

  Stream<String> describedWarnings() {
    return warnings.stream().map(warning -> describe() + ": " + warning);
  }

  /** {@code document 2, Service hello/web}. */
  String describe() {
    Field root = Field.root(manifest);
    Field metadata = root.at("metadata");
    String namespace = metadata.at("namespace").textOr("");
    String name = metadata.at("name").textOr("(no name)");
    return "document "
        + document
        + ", "
        + root.at("kind").textOr("(no kind)")
        + " "
        + (namespace.isEmpty() ? "" : namespace + "/")
        + name;
  }

  /** What a client is told of it. */
  ObjectNode result(String outcome) {
    ObjectNode result = ManifestJson.object();
    result.put("document", document);
    result.put("apiVersion", kind().apiVersion());
    result.put("kind", kind().name());
    result.put("resource", kind().resource());
    if (kind().namespaced()) {
      result.put("namespace", key().namespace());
    }
    return result.put("name", key().name()).put("result", outcome);
  }
}
