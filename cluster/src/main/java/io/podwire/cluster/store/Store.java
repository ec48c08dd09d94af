package io.podwire.cluster.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The registry of manifests and of claimed addresses. One order of revisions for everything.
 *
 * <p>Every write is one transaction: the object and its claims change together or not at all. All
 * operations throw {@link StoreException}. Thread-safe.
 */
public interface Store {

  /** Expected revision of a write that does not care. */
  long ANY_REVISION = -1;

  /** Creates an object and takes its claims. */
  StoredObject create(ResourceKey key, byte[] value, Set<Claim> claims);

  /** Replaces an object, taking and releasing claims. */
  StoredObject update(
      ResourceKey key, byte[] value, long expectedRevision, Set<Claim> take, Set<Claim> release);

  /** Deletes an object and releases every claim that it owns. Returns the deletion's revision. */
  long delete(ResourceKey key, long expectedRevision);

  Optional<StoredObject> get(ResourceKey key);

  /** All objects of a resource, by namespace and name; an empty namespace means all. */
  Listing list(String resource, String namespace);

  /** Who owns which address of a pool. */
  Map<String, ResourceKey> claims(String pool);

  /**
   * Delivers every event of the resources after a revision, in order, each once, on one thread at a
   * time.
   *
   * @param resources the plurals to watch
   * @throws StoreException.RevisionGone if the history does not reach back that far
   */
  Watch watch(Set<String> resources, long afterRevision, Consumer<StoreEvent> listener);

  /** A consistent listing; {@code revision} is where a watch goes on from. */
  record Listing(List<StoredObject> objects, long revision) {
    public Listing {
      objects = List.copyOf(objects);
    }
  }

  /** Ends the delivery. Idempotent. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
