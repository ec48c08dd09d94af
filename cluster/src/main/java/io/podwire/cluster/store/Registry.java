package io.podwire.cluster.store;

import io.podwire.cluster.model.ObjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The current objects and claims in memory, together with the log of how they came about: what a
 * {@link Store} reads from.
 *
 * <p>Thread-safe; every read is consistent with one revision.
 */
public final class Registry {

  private record Entry(StoredObject object, Set<Claim> claims) {}

  private final Map<String, TreeMap<ObjectName, Entry>> resources = new HashMap<>();
  private final Map<String, TreeMap<String, ResourceKey>> pools = new HashMap<>();
  private final EventLog log;

  public Registry(int history, Executor watchers) {
    this.log = new EventLog(history, watchers);
  }

  public synchronized Optional<StoredObject> get(ResourceKey key) {
    return Optional.ofNullable(entry(key)).map(Entry::object);
  }

  /** The claims that the object holds; none where it does not exist. */
  public synchronized Set<Claim> claimsOf(ResourceKey key) {
    Entry entry = entry(key);
    return entry == null ? Set.of() : entry.claims();
  }

  public synchronized Store.Listing list(String resource, String namespace) {
    List<StoredObject> objects = new ArrayList<>();
    for (Entry entry : resources.getOrDefault(resource, new TreeMap<>()).values()) {
      if (namespace.isEmpty() || entry.object().key().namespace().equals(namespace)) {
        objects.add(entry.object());
      }
    }
    return new Store.Listing(objects, log.revision());
  }

  /** Every object of every resource. */
  public synchronized List<StoredObject> all() {
    return resources.values().stream()
        .flatMap(entries -> entries.values().stream())
        .map(Entry::object)
        .toList();
  }

  public synchronized Map<String, ResourceKey> claims(String pool) {
    return Map.copyOf(pools.getOrDefault(pool, new TreeMap<>()));
  }

  public synchronized Optional<ResourceKey> owner(Claim claim) {
    return Optional.ofNullable(
        pools.getOrDefault(claim.pool(), new TreeMap<>()).get(claim.value()));
  }

  public synchronized long revision() {
    return log.revision();
  }

  /** Takes a new version of an object, which holds these claims and no others. */
  public synchronized void put(StoredObject object, Set<Claim> claims) {
    ResourceKey key = object.key();
    Entry before =
        resources
            .computeIfAbsent(key.resource(), resource -> new TreeMap<>())
            .put(key.objectName(), new Entry(object, Set.copyOf(claims)));
    if (before != null) {
      releaseAll(key, before.claims());
    }
    for (Claim claim : claims) {
      pools.computeIfAbsent(claim.pool(), pool -> new TreeMap<>()).put(claim.value(), key);
    }
    log.append(new StoreEvent.Put(object, before == null));
    notifyAll();
  }

  /** Removes an object with its claims, if it is there. */
  public synchronized void remove(ResourceKey key, long revision) {
    TreeMap<ObjectName, Entry> entries = resources.get(key.resource());
    Entry before = entries == null ? null : entries.remove(key.objectName());
    if (before == null) {
      log.advance(revision);
    } else {
      releaseAll(key, before.claims());
      log.append(new StoreEvent.Removed(before.object(), revision));
    }
    notifyAll();
  }

  private void releaseAll(ResourceKey owner, Set<Claim> claims) {
    for (Claim claim : claims) {
      TreeMap<String, ResourceKey> pool = pools.get(claim.pool());
      // Events of two objects may overtake each other's claims: only the owner's are released.
      if (pool != null) {
        pool.remove(claim.value(), owner);
      }
    }
  }

  /** As {@link EventLog#advance}. */
  public synchronized void advance(long revision) {
    log.advance(revision);
    notifyAll();
  }

  /** As {@link EventLog#forget}. */
  public synchronized void forgetHistory() {
    log.forget();
  }

  /** Waits until everything up to this revision has been seen; false when that takes too long. */
  public synchronized boolean awaitRevision(long revision, Duration limit, LongSupplier nanoClock)
      throws InterruptedException {
    long deadline = nanoClock.getAsLong() + limit.toNanos();
    while (log.revision() < revision) {
      long millis = Duration.ofNanos(deadline - nanoClock.getAsLong()).toMillis();
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }

  public Store.Watch watch(Set<String> watched, long afterRevision, Consumer<StoreEvent> listener) {
    return log.watch(watched, afterRevision, listener);
  }

  private @Nullable Entry entry(ResourceKey key) {
    TreeMap<ObjectName, Entry> entries = resources.get(key.resource());
    return entries == null ? null : entries.get(key.objectName());
  }
}
