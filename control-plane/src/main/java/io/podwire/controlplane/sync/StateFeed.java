package io.podwire.controlplane.sync;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreEvent;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.ModelReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state as agents and DNS servers see it, each object read once, with a bounded log of its
 * changes from which every stream takes what it has not sent yet.
 *
 * <p>Thread-safe.
 */
public final class StateFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StateFeed.class);
  private static final int HISTORY = 10_000;
  private static final Set<String> RESOURCES = FeedOrder.resources();

  /** A change with the object's latest version, which tells whom it concerns. */
  private record Entry(ClusterUpdate.Change change, ModelObject object) {}

  private final Store store;
  private final ClusterConfig config;
  private final int history;
  private final Map<ResourceKey, ModelObject> objects = new TreeMap<>(FeedOrder.BY_KIND);
  private final NavigableMap<Long, List<Entry>> log = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, Long> listed = new HashMap<>();
  private long forgotten;
  private long revision;
  private Store.@Nullable Watch watch;

  public StateFeed(Store store, ClusterConfig config) {
    this(store, config, HISTORY);
  }

  StateFeed(Store store, ClusterConfig config, int history) {
    this.store = store;
    this.config = config;
    this.history = history;
  }

  /** Reads the state and follows it from then on. */
  public synchronized void start() {
    long from = Long.MAX_VALUE;
    for (String resource : RESOURCES) {
      Store.Listing listing = store.list(resource, "");
      listing.objects().forEach(this::put);
      listed.put(resource, listing.revision());
      revision = Math.max(revision, listing.revision());
      from = Math.min(from, listing.revision());
    }
    forgotten = revision;
    watch = store.watch(RESOURCES, from, this::changed);
  }

  private Optional<ModelObject> put(StoredObject stored) {
    try {
      Optional<ModelObject> object = ModelReader.read(stored);
      object.ifPresent(read -> objects.put(stored.key(), read));
      return object;
    } catch (RuntimeException e) {
      // One manifest that nobody can read must not stop the others.
      LOG.error("{} is unreadable and is left out: {}", stored, e.getMessage());
      return Optional.empty();
    }
  }

  private void changed(StoreEvent event) {
    synchronized (this) {
      if (event instanceof StoreEvent.Put put) {
        if (isListed(put.object().key(), event.revision())) {
          return;
        }
        ModelObject before = objects.get(put.object().key());
        put(put.object())
            // Each receipt changes a fault's status, and nothing that agents are told of it.
            .filter(object -> !(object instanceof NetworkFault && object.equals(before)))
            .ifPresent(object -> append(event, new ClusterUpdate.Upsert(object), object));
      } else if (event instanceof StoreEvent.Removed removed) {
        ResourceKey key = removed.last().key();
        if (isListed(key, event.revision())) {
          return;
        }
        ModelObject object = objects.remove(key);
        if (object != null) {
          append(event, new ClusterUpdate.Removal(object.kind(), object.key()), object);
        }
      }
      revision = Math.max(revision, event.revision());
    }
    listeners.forEach(Runnable::run);
  }

  private boolean isListed(ResourceKey key, long eventRevision) {
    return eventRevision <= listed.getOrDefault(key.resource(), 0L);
  }

  private void append(StoreEvent event, ClusterUpdate.Change change, ModelObject object) {
    log.computeIfAbsent(event.revision(), zxid -> new ArrayList<>()).add(new Entry(change, object));
    while (log.size() > history) {
      forgotten = log.pollFirstEntry().getKey();
    }
  }

  /** Calls the listener, which must return at once, after every change. */
  void addListener(Runnable listener) {
    listeners.add(listener);
  }

  void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  synchronized long revision() {
    return revision;
  }

  /** Everything that is visible. */
  synchronized ClusterUpdate.Snapshot snapshot(Predicate<ModelObject> visible) {
    return new ClusterUpdate.Snapshot(
        revision, config, objects.values().stream().filter(visible).toList());
  }

  /**
   * The next changes after a revision, as many as one message should hold; without changes where
   * nothing visible has happened. Empty where the log does not reach back that far.
   */
  synchronized Optional<ClusterUpdate.Delta> after(
      long known, Predicate<ModelObject> visible, int limit) {
    if (known < forgotten) {
      return Optional.empty();
    }
    long reached = Math.max(known, revision);
    List<ClusterUpdate.Change> changes = new ArrayList<>();
    for (Map.Entry<Long, List<Entry>> step : log.tailMap(known, false).entrySet()) {
      if (changes.size() >= limit) {
        // What this revision holds is for the next message.
        reached = step.getKey() - 1;
        break;
      }
      for (Entry entry : step.getValue()) {
        if (visible.test(entry.object())) {
          changes.add(entry.change());
        }
      }
    }
    return Optional.of(new ClusterUpdate.Delta(reached, changes));
  }

  @Override
  public synchronized void close() {
    Store.Watch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
