package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.ResourceKey;
import java.util.List;

/**
 * One entry of the table: what the API has to know of a kind to serve it.
 *
 * @param group empty for the core group
 * @param shortNames what {@code kubectl get} takes too
 * @param hasStatus whether there is a {@code status} subresource
 * @param schema the shape of its manifests
 * @param mergeKeys the lists whose elements have an identity
 */
public record Kind(
    String group,
    String version,
    String name,
    String plural,
    String singular,
    List<String> shortNames,
    List<String> categories,
    boolean namespaced,
    boolean hasStatus,
    NameForm nameForm,
    Schema schema,
    MergeKeys mergeKeys,
    KindRules rules) {

  /** What can be done with every kind, in the order that discovery prints it. */
  public static final List<String> VERBS =
      List.of("create", "delete", "get", "list", "patch", "update", "watch");

  /** {@code v1} or {@code discovery.k8s.io/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The registry's name: the plural, with its group where that is not core. */
  public String resource() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  public ResourceKey key(String namespace, String objectName) {
    return new ResourceKey(resource(), namespaced ? namespace : "", objectName);
  }

  /** Fills in what Kubernetes fills in. */
  public void setDefaults(ObjectNode manifest) {
    rules.setDefaults(manifest);
  }

  /** Reports everything wrong with the values of a manifest whose shape has been checked. */
  public void validate(ObjectNode manifest, KindContext context, Problems problems) {
    Field root = Field.root(manifest);
    MetadataRules.validate(this, root, problems);
    rules.validate(root, context, problems);
  }
}
