package io.podwire.cluster.model;

/**
 * The identity of an object within its kind.
 *
 * @param namespace empty for cluster-scoped kinds
 */
public record ObjectName(String namespace, String name) implements Comparable<ObjectName> {

  public static ObjectName clusterScoped(String name) {
    return new ObjectName("", name);
  }

  @Override
  public int compareTo(ObjectName other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code namespace/name}, or the bare name of a cluster-scoped object. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
