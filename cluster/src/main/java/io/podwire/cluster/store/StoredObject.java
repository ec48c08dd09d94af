package io.podwire.cluster.store;

/**
 * A manifest as the registry holds it.
 *
 * @param value UTF-8 JSON of the whole manifest, without {@code metadata.resourceVersion}
 * @param revision the write that made this version: mzxid in ZooKeeper, the object's
 *     resourceVersion
 */
// The array is never written after construction; identity is by key and revision.
@SuppressWarnings("ArrayRecordComponent")
public record StoredObject(ResourceKey key, byte[] value, long revision) {

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredObject that && revision == that.revision && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + Long.hashCode(revision);
  }

  @Override
  public String toString() {
    return key + "@" + revision;
  }
}
