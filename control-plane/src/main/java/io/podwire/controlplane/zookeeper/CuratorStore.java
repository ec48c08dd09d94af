package io.podwire.controlplane.zookeeper;

import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.Registry;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreEvent;
import io.podwire.cluster.store.StoredObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The registry in ZooKeeper: writes are transactions there, reads and watches are answered from a
 * copy in memory that a watch keeps current.
 *
 * <p>A process sees its own writes at once. While ZooKeeper is away, reads go on with the last
 * state. Thread-safe.
 */
public final class CuratorStore implements Store, AutoCloseable {

  private static final int HISTORY = 10_000;
  private static final Duration OWN_WRITE_LIMIT = Duration.ofSeconds(5);

  private final ZooKeeperConnection connection;
  private final Registry registry;
  private final WatchCache cache;
  private final RegistryWriter writer;

  private CuratorStore(
      ZooKeeperConnection connection, Registry registry, WatchCache cache, RegistryWriter writer) {
    this.connection = connection;
    this.registry = registry;
    this.cache = cache;
    this.writer = writer;
  }

  /** Reads the whole registry, waiting for ZooKeeper as long as it takes. */
  public static CuratorStore open(ZooKeeperConnection connection) throws InterruptedException {
    return open(connection, HISTORY);
  }

  static CuratorStore open(ZooKeeperConnection connection, int history)
      throws InterruptedException {
    Registry registry = new Registry(history, Executors.newVirtualThreadPerTaskExecutor());
    WatchCache cache = new WatchCache(connection, registry);
    cache.start();
    return new CuratorStore(
        connection, registry, cache, new RegistryWriter(connection, Optional.empty()));
  }

  /**
   * The same store for the leader of an epoch: its writes fail with {@link
   * io.podwire.cluster.store.StoreException.Deposed} as soon as a later epoch has begun.
   */
  public Store fencedBy(long epoch) {
    return new CuratorStore(
        connection, registry, cache, new RegistryWriter(connection, Optional.of(epoch)));
  }

  @Override
  public StoredObject create(ResourceKey key, byte[] value, Set<Claim> claims) {
    StoredObject created = writer.create(key, value, claims);
    awaitSeen(created.revision());
    return created;
  }

  @Override
  public StoredObject update(
      ResourceKey key, byte[] value, long expectedRevision, Set<Claim> take, Set<Claim> release) {
    StoredObject updated = writer.update(key, value, expectedRevision, take, release);
    awaitSeen(updated.revision());
    return updated;
  }

  @Override
  public long delete(ResourceKey key, long expectedRevision) {
    long revision = writer.delete(key, expectedRevision);
    awaitSeen(revision);
    return revision;
  }

  /** The write has happened in any case; a cache that is cut off only shows it later. */
  private void awaitSeen(long revision) {
    try {
      registry.awaitRevision(revision, OWN_WRITE_LIMIT, System::nanoTime);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Optional<StoredObject> get(ResourceKey key) {
    return registry.get(key);
  }

  @Override
  public Listing list(String resource, String namespace) {
    return registry.list(resource, namespace);
  }

  @Override
  public Map<String, ResourceKey> claims(String pool) {
    return registry.claims(pool);
  }

  @Override
  public Watch watch(Set<String> resources, long afterRevision, Consumer<StoreEvent> listener) {
    return registry.watch(resources, afterRevision, listener);
  }

  /** Stops following; the connection stays. */
  @Override
  public void close() {
    cache.close();
  }
}
