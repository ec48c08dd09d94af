package io.podwire.cluster.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The latest events in revision order, and those who watch them.
 *
 * <p>Each watcher is called on the executor, one event at a time; a slow one delays nobody else,
 * but its events wait in memory. Thread-safe.
 */
public final class EventLog {

  private final int capacity;
  private final Executor executor;
  private final Deque<StoreEvent> events = new ArrayDeque<>();
  // A watcher may open or close watches while it is called.
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private long forgotten;
  private long revision;

  /**
   * @param capacity how many events are kept for watches that start in the past
   * @param executor runs the watchers; {@code Runnable::run} calls them within the write
   */
  public EventLog(int capacity, Executor executor) {
    this.capacity = capacity;
    this.executor = executor;
  }

  /** Adds an event and passes it on; its revision must not be lower than any before. */
  public synchronized void append(StoreEvent event) {
    advance(event.revision());
    events.addLast(event);
    while (events.size() > capacity) {
      forgotten = events.removeFirst().revision();
    }
    for (Watcher watcher : watchers) {
      watcher.offer(event);
    }
  }

  /** Everything up to this revision has been seen, though it was no event. */
  public synchronized void advance(long seen) {
    if (seen < revision) {
      throw new IllegalArgumentException("revision " + seen + " comes after " + revision);
    }
    revision = seen;
  }

  /** Watches that want events from before now are refused from here on. */
  public synchronized void forget() {
    events.clear();
    forgotten = revision;
  }

  public synchronized long revision() {
    return revision;
  }

  /**
   * Watches the resources from after a revision on.
   *
   * @throws StoreException.RevisionGone if events since then are forgotten
   */
  public Store.Watch watch(
      Set<String> resources, long afterRevision, Consumer<StoreEvent> listener) {
    Watcher watcher = new Watcher(Set.copyOf(resources), afterRevision, listener);
    synchronized (this) {
      if (afterRevision < forgotten) {
        throw new StoreException.RevisionGone(afterRevision, forgotten);
      }
      events.forEach(watcher::offer);
      watchers.add(watcher);
    }
    return watcher;
  }

  private synchronized void remove(Watcher watcher) {
    watchers.remove(watcher);
  }

  private static ResourceKey key(StoreEvent event) {
    return event instanceof StoreEvent.Put put
        ? put.object().key()
        : ((StoreEvent.Removed) event).last().key();
  }

  private final class Watcher implements Store.Watch {

    private final Set<String> resources;
    private final long afterRevision;
    private final Consumer<StoreEvent> listener;
    private final Queue<StoreEvent> waiting = new ArrayDeque<>();
    private boolean running;
    private volatile boolean closed;

    Watcher(Set<String> resources, long afterRevision, Consumer<StoreEvent> listener) {
      this.resources = resources;
      this.afterRevision = afterRevision;
      this.listener = listener;
    }

    void offer(StoreEvent event) {
      if (event.revision() <= afterRevision || !resources.contains(key(event).resource())) {
        return;
      }
      synchronized (waiting) {
        waiting.add(event);
        if (running) {
          return;
        }
        running = true;
      }
      executor.execute(this::deliver);
    }

    private void deliver() {
      while (true) {
        StoreEvent next;
        synchronized (waiting) {
          next = waiting.poll();
          if (next == null || closed) {
            waiting.clear();
            running = false;
            return;
          }
        }
        listener.accept(next);
      }
    }

    @Override
    public void close() {
      closed = true;
      remove(this);
    }
  }
}
