package io.podwire.netstack.impair;

import io.podwire.netstack.link.Frame;

/** A copy of a packet that a fault keeps or changes; it comes from a {@link FramePool}. */
final class HeldFrame {

  /** Octets of the objects around a buffer, and of its place in a queue. */
  private static final int OBJECTS = 256;

  final Frame frame;
  final int sizeClass;
  private final int capacity;

  /** When it is to leave the queue that it is in. */
  long dueNanos;

  /** When it came to the fault. */
  long arrivalNanos;

  /** Where it stands among packets that leave at the same time. */
  long sequence;

  /** Whether it stood behind another packet of a rate. */
  boolean queued;

  HeldFrame(int capacity, int sizeClass) {
    this.frame = Frame.allocate(capacity);
    this.sizeClass = sizeClass;
    this.capacity = capacity;
  }

  /** What it takes of the heap, objects included. */
  int bytes() {
    return bytes(capacity);
  }

  static int bytes(int capacity) {
    return capacity + Frame.HEADROOM + OBJECTS;
  }

  boolean leavesBefore(HeldFrame other) {
    return dueNanos != other.dueNanos ? dueNanos < other.dueNanos : sequence < other.sequence;
  }
}
