package io.podwire.controlplane.sync;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreEvent;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.ModelReader;
import io.podwire.proto.ProtoTranslator;
import io.podwire.proto.v1.Change;
import io.podwire.proto.v1.Update;
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
 * The state as agents and DNS servers see it, each object read and put into a message once, with a
 * bounded log of its changes from which every stream takes what it has not sent yet.
 *
 * <p>A change of nothing that followers are told, such as a selector or a condition's time, is no
 * change here. Streams that are at the same place share their messages. Thread-safe.
 */
public final class StateFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StateFeed.class);
  private static final int HISTORY = 10_000;
  private static final Set<String> RESOURCES = FeedOrder.resources();

  /**
   * What one stream sends next.
   *
   * @param revision where the follower is after it
   * @param isEmpty whether nothing that the follower sees has happened
   */
  record Step(long revision, boolean isEmpty, List<Update> messages) {}

  /** An object or its removal as it is sent, with the version that tells whom it concerns. */
  private record Entry(ModelObject object, Change message) {}

  private final Store store;
  private final io.podwire.proto.v1.ClusterConfig config;
  private final int history;
  private final Map<ResourceKey, Entry> objects = new TreeMap<>(FeedOrder.BY_KIND);
  private final NavigableMap<Long, List<Entry>> log = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, Long> listed = new HashMap<>();
  private long forgotten;
  private long revision;
  // The delta that was made last, and of what: most streams ask for the same.
  private List<Change> sharedChanges = List.of();
  private Step shared = new Step(0, true, List.of());
  private Store.@Nullable Watch watch;

  public StateFeed(Store store, ClusterConfig config) {
    this(store, config, HISTORY);
  }

  StateFeed(Store store, ClusterConfig config, int history) {
    this.store = store;
    this.config = ProtoTranslator.toMessage(config);
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

  /** Takes a version of an object; empty where followers would see no difference. */
  private Optional<Entry> put(StoredObject stored) {
    try {
      Optional<Entry> entry = ModelReader.read(stored).map(StateFeed::entry);
      if (entry.isEmpty()) {
        return entry;
      }
      Entry before = objects.put(stored.key(), entry.get());
      return before != null && before.message().equals(entry.get().message())
          ? Optional.empty()
          : entry;
    } catch (RuntimeException e) {
      // One manifest that nobody can read must not stop the others.
      LOG.error("{} is unreadable and is left out: {}", stored, e.getMessage());
      return Optional.empty();
    }
  }

  private static Entry entry(ModelObject object) {
    Change message = ProtoTranslator.toMessage(new ClusterUpdate.Upsert(object));
    if (message.hasService()) {
      // Followers know the endpoints; why they are the Service's is the control plane's business.
      Change.Builder told = message.toBuilder();
      told.getServiceBuilder().clearSelector();
      message = told.build();
    }
    return new Entry(object, message);
  }

  private void changed(StoreEvent event) {
    boolean told;
    synchronized (this) {
      Optional<Entry> entry =
          switch (event) {
            case StoreEvent.Put put ->
                isListed(put.object().key(), event.revision())
                    ? Optional.empty()
                    : put(put.object());
            case StoreEvent.Removed removed ->
                isListed(removed.last().key(), event.revision())
                    ? Optional.empty()
                    : remove(removed.last().key());
          };
      entry.ifPresent(change -> append(event.revision(), change));
      revision = Math.max(revision, event.revision());
      told = entry.isPresent();
    }
    if (told) {
      listeners.forEach(Runnable::run);
    }
  }

  private Optional<Entry> remove(ResourceKey key) {
    return Optional.ofNullable(objects.remove(key))
        .map(Entry::object)
        .map(gone ->
            new Entry(
                gone,
                ProtoTranslator.toMessage(new ClusterUpdate.Removal(gone.kind(), gone.key()))));
  }

  private boolean isListed(ResourceKey key, long eventRevision) {
    return eventRevision <= listed.getOrDefault(key.resource(), 0L);
  }

  private void append(long at, Entry change) {
    log.computeIfAbsent(at, zxid -> new ArrayList<>()).add(change);
    while (log.size() > history) {
      forgotten = log.pollFirstEntry().getKey();
    }
  }

  /** Calls the listener, which must return at once, after every change that followers see. */
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
  synchronized Step snapshot(Predicate<ModelObject> visible) {
    List<Change> messages =
        objects.values().stream()
            .filter(entry -> visible.test(entry.object()))
            .map(Entry::message)
            .toList();
    return new Step(revision, false, ProtoTranslator.snapshotMessages(revision, config, messages));
  }

  /**
   * The next changes after a revision, as many as one message should hold; empty of changes where
   * nothing visible has happened. Empty where the log does not reach back that far.
   */
  synchronized Optional<Step> after(long known, Predicate<ModelObject> visible, int limit) {
    if (known < forgotten) {
      return Optional.empty();
    }
    long reached = Math.max(known, revision);
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<Long, List<Entry>> step : log.tailMap(known, false).entrySet()) {
      if (changes.size() >= limit) {
        // What this revision holds is for the next message.
        reached = step.getKey() - 1;
        break;
      }
      for (Entry entry : step.getValue()) {
        if (visible.test(entry.object())) {
          changes.add(entry.message());
        }
      }
    }
    return Optional.of(delta(reached, changes));
  }

  private Step delta(long reached, List<Change> changes) {
    if (shared.revision() != reached || !areSame(sharedChanges, changes)) {
      sharedChanges = changes;
      shared =
          new Step(reached, changes.isEmpty(), ProtoTranslator.deltaMessages(reached, changes));
    }
    return shared;
  }

  /** Whether both hold the very same messages. */
  private static boolean areSame(List<Change> one, List<Change> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (one.get(i) != other.get(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public synchronized void close() {
    Store.Watch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
