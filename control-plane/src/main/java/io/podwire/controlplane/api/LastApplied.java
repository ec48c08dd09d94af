package io.podwire.controlplane.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import java.io.UncheckedIOException;

/** The annotation in which kubectl apply, and ours, remember the manifest. */
final class LastApplied {

  static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

  /** Sorted, so that another order of the same fields is no change. */
  private static final ObjectMapper SORTED =
      ManifestJson.mapper().copy().configure(JsonNodeFeature.WRITE_PROPERTIES_SORTED, true);

  private LastApplied() {}

  /** The manifest that was applied last; empty where none was, or the annotation is damaged. */
  static ObjectNode of(ObjectNode live) {
    Field annotation = Field.root(live).at("metadata", "annotations").at(ANNOTATION);
    try {
      return annotation.isGiven()
              && SORTED.readTree(annotation.textOr("")) instanceof ObjectNode manifest
          ? manifest
          : ManifestJson.object();
    } catch (JsonProcessingException e) {
      return ManifestJson.object();
    }
  }

  /** The manifest with itself in the annotation. */
  static ObjectNode annotate(ObjectNode manifest) {
    ObjectNode annotated = manifest.deepCopy();
    ObjectNode annotations = Manifests.child(Manifests.child(annotated, "metadata"), "annotations");
    annotations.remove(ANNOTATION);
    try {
      // kubectl ends the text with a newline; the same text means the same to both.
      annotations.put(ANNOTATION, SORTED.writeValueAsString(annotated) + "\n");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    return annotated;
  }
}
