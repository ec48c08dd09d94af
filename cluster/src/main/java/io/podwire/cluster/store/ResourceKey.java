package io.podwire.cluster.store;

import io.podwire.cluster.model.ObjectName;

/**
 * The registry's key of an object.
 *
 * @param resource the plural, such as {@code services}; with its group where that is not core:
 *     {@code endpointslices.discovery.k8s.io}
 * @param namespace empty for cluster-scoped resources
 */
public record ResourceKey(String resource, String namespace, String name) {

  public ObjectName objectName() {
    return new ObjectName(namespace, name);
  }

  @Override
  public String toString() {
    return resource + "/" + objectName();
  }
}
