package io.podwire.cluster.model;

import java.util.Map;

/**
 * A Kubernetes Namespace.
 *
 * @param labels by which DNS may be told to show it
 */
public record Namespace(String name, Map<String, String> labels) implements ModelObject {

  /** One without labels. */
  public Namespace(String name) {
    this(name, Map.of());
  }

  public Namespace {
    labels = Map.copyOf(labels);
  }

  @Override
  public ObjectName key() {
    return ObjectName.clusterScoped(name);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.NAMESPACE;
  }
}
