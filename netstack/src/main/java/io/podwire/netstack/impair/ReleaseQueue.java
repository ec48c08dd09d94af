package io.podwire.netstack.impair;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Held packets by the time at which they leave; those of the same time in the order in which they
 * came.
 *
 * <p>A binary heap whose array follows the number of packets. Not thread-safe; confined to the
 * node's event loop.
 */
final class ReleaseQueue {

  private static final int SMALLEST = 16;

  private @Nullable HeldFrame[] heap = new @Nullable HeldFrame[SMALLEST];
  private int size;
  private long sequence;

  void add(HeldFrame held, long dueNanos) {
    held.dueNanos = dueNanos;
    held.sequence = sequence++;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      HeldFrame above = at(parent);
      if (!held.leavesBefore(above)) {
        break;
      }
      heap[at] = above;
      at = parent;
    }
    heap[at] = held;
  }

  private HeldFrame at(int index) {
    HeldFrame held = heap[index];
    if (held == null) {
      throw new IllegalStateException("nothing at " + index + " of " + size);
    }
    return held;
  }

  /** When the first packet leaves; {@link Long#MAX_VALUE} where there is none. */
  long firstDueNanos() {
    return size == 0 ? Long.MAX_VALUE : at(0).dueNanos;
  }

  HeldFrame remove() {
    HeldFrame first = at(0);
    HeldFrame last = at(--size);
    heap[size] = null;
    if (size > 0) {
      sink(last);
    }
    if (heap.length > SMALLEST && size < heap.length / 4) {
      heap = Arrays.copyOf(heap, heap.length / 2);
    }
    return first;
  }

  private void sink(HeldFrame held) {
    int at = 0;
    int half = size >>> 1;
    while (at < half) {
      int child = 2 * at + 1;
      if (child + 1 < size && at(child + 1).leavesBefore(at(child))) {
        child++;
      }
      HeldFrame below = at(child);
      if (!below.leavesBefore(held)) {
        break;
      }
      heap[at] = below;
      at = child;
    }
    heap[at] = held;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }
}
