package io.podwire.cluster.store;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The in-memory twin of the registry: the same promises, for one process and no longer than it.
 *
 * <p>Thread-safe.
 */
public final class MemoryStore implements Store {

  private static final int HISTORY = 10_000;

  private final Registry registry;
  private long lastRevision;

  /** A store that calls its watchers within the write. */
  public MemoryStore() {
    this(HISTORY, Runnable::run);
  }

  public MemoryStore(int history, Executor watchers) {
    this.registry = new Registry(history, watchers);
  }

  @Override
  public synchronized StoredObject create(ResourceKey key, byte[] value, Set<Claim> claims) {
    if (registry.get(key).isPresent()) {
      throw new StoreException.AlreadyExists(key);
    }
    checkFree(key, claims);
    return put(key, value, claims);
  }

  @Override
  public synchronized StoredObject update(
      ResourceKey key, byte[] value, long expectedRevision, Set<Claim> take, Set<Claim> release) {
    checkRevision(key, expectedRevision);
    checkFree(key, take);
    Set<Claim> claims = new HashSet<>(registry.claimsOf(key));
    claims.removeAll(release);
    claims.addAll(take);
    return put(key, value, claims);
  }

  @Override
  public synchronized long delete(ResourceKey key, long expectedRevision) {
    checkRevision(key, expectedRevision);
    long revision = ++lastRevision;
    registry.remove(key, revision);
    return revision;
  }

  private StoredObject put(ResourceKey key, byte[] value, Set<Claim> claims) {
    StoredObject object = new StoredObject(key, value.clone(), ++lastRevision);
    registry.put(object, claims);
    return object;
  }

  private void checkRevision(ResourceKey key, long expected) {
    StoredObject current = registry.get(key).orElseThrow(() -> new StoreException.NotFound(key));
    if (expected != ANY_REVISION && expected != current.revision()) {
      throw new StoreException.Conflict(key, expected);
    }
  }

  private void checkFree(ResourceKey key, Set<Claim> claims) {
    for (Claim claim : claims) {
      if (registry.owner(claim).filter(owner -> !owner.equals(key)).isPresent()) {
        throw new StoreException.ClaimTaken(claim);
      }
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

  /** Every object of every resource. */
  public List<StoredObject> all() {
    return registry.all();
  }

  @Override
  public Map<String, ResourceKey> claims(String pool) {
    return registry.claims(pool);
  }

  @Override
  public Watch watch(Set<String> resources, long afterRevision, Consumer<StoreEvent> listener) {
    return registry.watch(resources, afterRevision, listener);
  }
}
