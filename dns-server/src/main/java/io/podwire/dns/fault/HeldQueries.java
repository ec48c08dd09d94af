package io.podwire.dns.fault;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Queries that wait, on the event loops' own timers; bounded in number. Thread-safe. */
final class HeldQueries {
  private final ScheduledExecutorService loops;
  private final LongSupplier nanos;
  private final int limit;
  private final AtomicInteger count = new AtomicInteger();

  HeldQueries(ScheduledExecutorService loops, LongSupplier nanos, int limit) {
    this.loops = loops;
    this.nanos = nanos;
    this.limit = limit;
  }

  int count() {
    return count.get();
  }

  /** The queries that one fault holds; they go on when it ends. */
  final class Ward {
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;

    /**
     * Waits; completes on an event loop, with the nanoseconds that passed.
     *
     * @return null where too many wait already
     */
    @Nullable CompletionStage<Long> hold(long delayNanos) {
      if (count.incrementAndGet() > limit) {
        count.decrementAndGet();
        return null;
      }
      Held one = new Held(this, nanos.getAsLong());
      held.add(one);
      try {
        one.timer = loops.schedule(one::go, delayNanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The server ends.
        one.forget();
        return null;
      }
      if (!open) {
        release();
      }
      return one.gone;
    }

    /** How many are held at once at most, whichever faults hold them. */
    int limit() {
      return limit;
    }

    /** Lets all go on at once, and whichever come after. */
    void release() {
      open = false;
      held.forEach(Held::goNow);
    }

    /** Holds queries again. */
    void reopen() {
      open = true;
    }
  }

  private final class Held {
    private final CompletableFuture<Long> gone = new CompletableFuture<>();
    private final Ward ward;
    private final long since;
    private volatile @Nullable Future<?> timer;

    Held(Ward ward, long since) {
      this.ward = ward;
      this.since = since;
    }

    boolean forget() {
      boolean first = ward.held.remove(this);
      if (first) {
        count.decrementAndGet();
      }
      return first;
    }

    void go() {
      if (forget()) {
        gone.complete(nanos.getAsLong() - since);
      }
    }

    void goNow() {
      Future<?> pending = timer;
      if (pending != null) {
        pending.cancel(false);
      }
      try {
        loops.execute(this::go);
      } catch (RejectedExecutionException e) {
        forget();
      }
    }
  }
}
