package io.podwire.netstack.impair;

import io.podwire.netstack.link.Frame;
import java.util.ArrayDeque;

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

  private final SizeClass[] classes = new SizeClass[CAPACITIES.length];
  private long periodStart = Long.MIN_VALUE;

  /** The free buffers of one capacity. */
  private static final class SizeClass {
    final ArrayDeque<HeldFrame> free = new ArrayDeque<>(0);
    int inUse;
    int peak;
    int peakBefore;

    void trim() {
      int keep = Math.max(0, Math.max(peak, peakBefore) - inUse);
      while (free.size() > keep) {
        free.removeLast();
      }
    }
  }

  FramePool() {
    for (int i = 0; i < classes.length; i++) {
      classes[i] = new SizeClass();
    }
  }

  /** A buffer for a frame of this length, whose content is undefined. */
  HeldFrame take(int length) {
    int index = 0;
    while (index < CAPACITIES.length - 1 && CAPACITIES[index] < length) {
      index++;
    }
    SizeClass of = classes[index];
    of.inUse++;
    of.peak = Math.max(of.peak, of.inUse);
    HeldFrame free = of.free.pollFirst();
    return free == null ? new HeldFrame(Math.max(length, CAPACITIES[index]), index) : free;
  }

  HeldFrame copy(Frame frame) {
    HeldFrame copy = take(frame.length());
    copy.frame.copyFrom(frame);
    return copy;
  }

  void giveBack(HeldFrame held) {
    SizeClass of = classes[held.sizeClass];
    of.inUse--;
    of.free.addFirst(held);
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
    for (SizeClass of : classes) {
      of.free.clear();
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
