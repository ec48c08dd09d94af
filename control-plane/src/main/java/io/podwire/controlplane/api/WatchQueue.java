package io.podwire.controlplane.api;

import io.podwire.cluster.store.StoreEvent;
import io.podwire.cluster.store.StoredObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events between the registry's thread, which must not wait, and a client that may be slow:
 * capped, and given up where the client falls behind. Thread-safe.
 */
final class WatchQueue implements Consumer<StoreEvent> {

  private static final int CAPACITY = 10_000;

  private final String resource;
  private final String namespace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<StoreEvent> events = new ArrayDeque<>();
  private long lastRevision;
  private boolean overrun;
  private boolean closed;

  /**
   * @param namespace empty for all
   */
  WatchQueue(String resource, String namespace, long revision) {
    this.resource = resource;
    this.namespace = namespace;
    this.lastRevision = revision;
  }

  @Override
  public void accept(StoreEvent event) {
    lock.lock();
    try {
      lastRevision = event.revision();
      StoredObject object =
          switch (event) {
            case StoreEvent.Put put -> put.object();
            case StoreEvent.Removed removed -> removed.last();
          };
      if (!object.key().resource().equals(resource)
          || (!namespace.isEmpty() && !object.key().namespace().equals(namespace))
          || overrun
          || closed) {
        return;
      }
      if (events.size() == CAPACITY) {
        // What is queued already is still in order; the client hears of the gap after it.
        overrun = true;
      } else {
        events.add(event);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The next event; null after the time, once closed, or after the last before an overrun. */
  @Nullable StoreEvent poll(long timeout, TimeUnit unit) throws InterruptedException {
    long left = unit.toNanos(timeout);
    lock.lockInterruptibly();
    try {
      while (events.isEmpty() && !overrun && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return closed ? null : events.poll();
    } finally {
      lock.unlock();
    }
  }

  /** The newest revision of any resource that has come here. */
  long lastRevision() {
    return locked(() -> lastRevision);
  }

  boolean isOverrun() {
    return locked(() -> overrun && events.isEmpty());
  }

  boolean isClosed() {
    return locked(() -> closed);
  }

  /** Wakes the reader for the last time. */
  void close() {
    lock.lock();
    try {
      closed = true;
      events.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> read) {
    lock.lock();
    try {
      return read.get();
    } finally {
      lock.unlock();
    }
  }
}
