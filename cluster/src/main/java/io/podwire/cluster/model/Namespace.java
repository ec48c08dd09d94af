package io.podwire.cluster.model;

/** A Kubernetes Namespace. */
public record Namespace(String name) implements ModelObject {

  @Override
  public ObjectName key() {
    return ObjectName.clusterScoped(name);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.NAMESPACE;
  }
}
