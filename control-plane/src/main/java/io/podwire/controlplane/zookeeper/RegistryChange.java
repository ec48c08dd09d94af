package io.podwire.controlplane.zookeeper;

import io.podwire.cluster.store.ResourceKey;
import java.util.Optional;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One event of the registry's watch, complete once its znode has been read.
 *
 * <p>Not thread-safe; guarded by the cache that made it.
 */
final class RegistryChange {

  private final int generation;
  private final long zxid;
  private final @Nullable ResourceKey key;
  private final boolean deletion;
  private boolean complete;
  private @Nullable Znode znode;

  private RegistryChange(int generation, long zxid, @Nullable ResourceKey key, boolean deletion) {
    this.generation = generation;
    this.zxid = zxid;
    this.key = key;
    this.deletion = deletion;
    this.complete = deletion || key == null;
  }

  static RegistryChange of(WatchedEvent event, int generation) {
    return new RegistryChange(
        generation,
        event.getZxid(),
        Znodes.key(event.getPath()).orElse(null),
        event.getType() == EventType.NodeDeleted);
  }

  /** Takes what was read, or nothing where the znode is gone meanwhile. */
  void complete(byte @Nullable [] data, @Nullable Stat stat) {
    znode = data == null || stat == null ? null : Znode.of(data, stat);
    complete = true;
  }

  int generation() {
    return generation;
  }

  long zxid() {
    return zxid;
  }

  /** Empty for what is no object: the marker, a directory. */
  Optional<ResourceKey> key() {
    return Optional.ofNullable(key);
  }

  boolean isDeletion() {
    return deletion;
  }

  boolean isComplete() {
    return complete;
  }

  Optional<Znode> znode() {
    return Optional.ofNullable(znode);
  }
}
