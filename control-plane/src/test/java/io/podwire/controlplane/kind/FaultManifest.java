package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Manifests of faults, as tests write them. */
final class FaultManifest {

  static final String UID = "6a1f2c9e-0000-4000-8000-000000000001";

  private FaultManifest() {}

  /**
   * A NetworkFault of these fields of the spec, in flow style, on the Pods that are {@code web}.
   */
  static String networkFault(String spec) {
    return bare("selector: {labelSelectors: {app: web}}, " + spec);
  }

  /** A NetworkFault of exactly these fields. */
  static String bare(String spec) {
    return """
    apiVersion: podwire.io/v1alpha1
    kind: NetworkFault
    metadata: {name: f, namespace: shop, uid: %s}
    spec: {%s}
    """
        .formatted(UID, spec);
  }

  /** An object of Chaos Mesh's of these fields of the spec. */
  static String chaos(String kind, String spec) {
    return """
    apiVersion: chaos-mesh.org/v1alpha1
    kind: %s
    metadata: {name: c, namespace: shop, uid: %s}
    spec: {%s}
    """
        .formatted(kind, UID, spec);
  }

  static String resource(String name) {
    try (InputStream in = FaultManifest.class.getResourceAsStream("/chaos-mesh/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource chaos-mesh/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the leader reads it from the store. */
  static FaultRequest read(String yaml) {
    return FaultReader.request(stored(yaml));
  }

  static StoredObject stored(String yaml) {
    ObjectNode manifest = Checked.yaml(yaml);
    Kind kind =
        KindTable.resolve(Field.root(manifest), new Problems())
            .orElseThrow(() -> new IllegalArgumentException("no kind in " + yaml));
    Field metadata = Field.root(manifest).at("metadata");
    return new StoredObject(
        kind.key(metadata.at("namespace").textOr("default"), metadata.at("name").textOr("")),
        ManifestJson.toStored(manifest),
        1);
  }
}
