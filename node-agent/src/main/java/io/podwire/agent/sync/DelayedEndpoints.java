package io.podwire.agent.sync;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Changes of endpoints on their way to the datapath: at once, or where a fault wants it late.
 *
 * <p>They keep their order. Not thread-safe; confined to the node's event loop.
 */
final class DelayedEndpoints {

  private record Change(long dueNanos, Runnable task) {}

  private final Queue<Change> waiting = new ArrayDeque<>();
  private long delayNanos;
  private boolean stopped;

  /** Makes a change now, or behind those that wait. */
  void make(Runnable change, long nowNanos) {
    if (stopped || delayNanos > 0 || !waiting.isEmpty()) {
      waiting.add(new Change(nowNanos + delayNanos, change));
    } else {
      change.run();
    }
  }

  /**
   * Has changes wait from now on.
   *
   * @param delay zero ends it and makes what waits; null has them wait until then
   */
  void delay(@Nullable Duration delay) {
    stopped = delay == null;
    delayNanos = delay == null ? 0 : delay.toNanos();
    if (delay != null && delay.isZero()) {
      waiting.forEach(change -> change.task().run());
      waiting.clear();
    }
  }

  /** Makes what is due; false where there was nothing. */
  boolean advance(long nowNanos) {
    boolean made = false;
    for (Change next = waiting.peek();
        next != null && !stopped && nowNanos - next.dueNanos() >= 0;
        next = waiting.peek()) {
      waiting.remove();
      next.task().run();
      made = true;
    }
    return made;
  }
}
