package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.List;

/** Namespace (core/v1). */
final class NamespaceRules implements KindRules {

  private NamespaceRules() {}

  static Kind kind() {
    return new Kind(
        "",
        "v1",
        "Namespace",
        "namespaces",
        "namespace",
        List.of("ns"),
        List.of(),
        false,
        true,
        NameForm.DNS_LABEL,
        Schema.of(Namespace.class),
        MergeKeys.NONE,
        new NamespaceRules());
  }

  @Override
  public void setDefaults(ObjectNode manifest) {
    String name = Field.root(manifest).at("metadata", "name").text();
    if (name != null) {
      Manifests.child(Manifests.child(manifest, "metadata"), "labels")
          .put("kubernetes.io/metadata.name", name);
    }
  }

  @Override
  public void initialize(ObjectNode manifest) {
    manifest.putObject("status").put("phase", "Active");
  }

  @Override
  public void validate(Field manifest, KindContext context, Problems problems) {
    // The metadata is all there is.
  }
}
