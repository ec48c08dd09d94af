package io.podwire.netstack.impair;

import io.podwire.netstack.link.Frame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for the packets that faults hold, reused so that a delay makes no garbage.
 *
 * <p>It keeps as many as were in use at once in this second or the one before; the rest goes. Not
 * thread-safe; confined to the node's event loop.
 */
final class FramePool {

  /** A small packet, one of an Ethernet's MTU, a jumbo frame, and the largest there is. */
  private static final int[] CAPACITIES = {256, 2048, 10_240, 0x1_0000 + Frame.HEADROOM};

  private static final long PERIOD_NANOS = 1_000_000_000L;

  private final HeldMemory memory;
  private final SizeClass[] classes = new SizeClass[CAPACITIES.length];
  private long periodStart = Long.MIN_VALUE;

  /** The free buffers of one capacity. */
  private final class SizeClass {
    final ArrayDeque<HeldFrame> free = new ArrayDeque<>(0);
    int inUse;
    int peak;
    int peakBefore;

    void trim() {
      int keep = Math.max(0, Math.max(peak, peakBefore) - inUse);
      trim(keep);
    }

    void trim(int keep) {
      while (free.size() > keep) {
        memory.giveBack(free.removeLast().bytes());
      }
    }
  }

  FramePool(HeldMemory memory) {
    this.memory = memory;
    for (int i = 0; i < classes.length; i++) {
      classes[i] = new SizeClass();
    }
  }

  private static int classOf(int length) {
    int index = 0;
    while (index < CAPACITIES.length - 1 && CAPACITIES[index] < length) {
      index++;
    }
    return index;
  }

  /** A buffer for a frame of this length, whose content is undefined. */
  HeldFrame take(int length) {
    int index = classOf(length);
    SizeClass of = classes[index];
    of.inUse++;
    of.peak = Math.max(of.peak, of.inUse);
    HeldFrame free = of.free.pollFirst();
    if (free != null) {
      return free;
    }
    HeldFrame fresh = new HeldFrame(Math.max(length, CAPACITIES[index]), index);
    if (!memory.hasRoom(fresh.bytes())) {
      // What is free here is of another size.
      dropFree();
    }
    memory.take(fresh.bytes());
    return fresh;
  }

  /**
   * Whether a packet may be held.
   *
   * @param owned its buffer from here; null where it would have to be copied
   */
  boolean mayHold(Frame frame, @Nullable HeldFrame owned) {
    if (owned != null) {
      return !memory.isOver();
    }
    int index = classOf(frame.length());
    return !classes[index].free.isEmpty()
        || memory.hasRoom(HeldFrame.bytes(CAPACITIES[index]))
        || hasFree();
  }

  private boolean hasFree() {
    for (SizeClass of : classes) {
      if (!of.free.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void dropFree() {
    for (SizeClass of : classes) {
      of.trim(0);
    }
  }

  HeldFrame copy(Frame frame) {
    HeldFrame copy = take(frame.length());
    copy.frame.copyFrom(frame);
    return copy;
  }

  void giveBack(HeldFrame held) {
    SizeClass of = classes[held.sizeClass];
    of.inUse--;
    if (memory.isOver()) {
      memory.giveBack(held.bytes());
    } else {
      of.free.addFirst(held);
    }
  }

  /** Lets go of what has not been needed lately. */
  void age(long nowNanos) {
    if (periodStart != Long.MIN_VALUE && nowNanos - periodStart < PERIOD_NANOS) {
      return;
    }
    periodStart = nowNanos;
    for (SizeClass of : classes) {
      of.trim();
      of.peakBefore = of.peak;
      of.peak = of.inUse;
    }
  }

  /** Lets go of all that is free. */
  void clear() {
    dropFree();
    for (SizeClass of : classes) {
      of.peak = of.inUse;
      of.peakBefore = 0;
    }
  }

  /** Buffers that somebody holds. */
  int inUse() {
    int sum = 0;
    for (SizeClass of : classes) {
      sum += of.inUse;
    }
    return sum;
  }

  /** Buffers that wait for use. */
  int free() {
    int sum = 0;
    for (SizeClass of : classes) {
      sum += of.free.size();
    }
    return sum;
  }
}
