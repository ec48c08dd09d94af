package io.podwire.netstack.capture;

import io.podwire.netstack.impair.Direction;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Recorded packets between one writer and one reader, in a bounded piece of memory; where there is
 * no room the writer goes on without.
 *
 * <p>What is claimed can still be changed until it is published. {@link #claim}, {@link #publish}
 * and what is asked of unpublished records belong to the writer's thread, {@link #read} to the
 * reader's.
 */
final class PacketRing {

  /** There is no room. */
  static final long FULL = -1;

  private static final int SIZE = 0;
  private static final int CAPTURED = 4;
  private static final int LENGTH = 8;
  private static final int DIRECTION = 12;
  private static final int COMMENT = 16;
  private static final int TIME = 24;
  private static final int MISSED = 32;
  private static final int OCTETS = 40;

  private static final int ALIGNMENT = 8;
  private static final Direction[] DIRECTIONS = Direction.values();

  private final ByteBuffer memory;
  private final int mask;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong consumed = new AtomicLong();
  private long claimed;

  /** Takes what is read; the buffer is lent. */
  @FunctionalInterface
  interface Reader {
    /**
     * Takes one packet.
     *
     * @param missed packets without room, in all, when this one passed
     * @return whether to go on
     */
    boolean packet(
        Direction direction,
        long epochNanos,
        int length,
        long missed,
        int comment,
        ByteBuffer buffer,
        int offset,
        int captured);
  }

  /**
   * @param capacity in octets, a power of two
   */
  PacketRing(int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity < OCTETS) {
      throw new IllegalArgumentException("the capacity must be a power of two, got " + capacity);
    }
    memory = ByteBuffer.allocate(capacity);
    mask = capacity - 1;
  }

  /** Takes room for a packet and writes it there; {@link #FULL} where there is none. */
  long claim(
      Direction direction,
      long epochNanos,
      int length,
      long missed,
      ByteBuffer source,
      int offset,
      int captured) {
    int size = OCTETS + captured + ALIGNMENT - 1 & -ALIGNMENT;
    int at = (int) claimed & mask;
    int toEnd = memory.capacity() - at;
    int padding = size <= toEnd ? 0 : toEnd;
    if (claimed + padding + size - consumed.get() > memory.capacity()) {
      return FULL;
    }
    if (padding > 0) {
      memory.putInt(at + SIZE, -padding);
      claimed += padding;
      at = 0;
    }
    memory
        .putInt(at + SIZE, size)
        .putInt(at + CAPTURED, captured)
        .putInt(at + LENGTH, length)
        .putInt(at + DIRECTION, direction.ordinal())
        .putInt(at + COMMENT, 0)
        .putLong(at + TIME, epochNanos)
        .putLong(at + MISSED, missed)
        .put(at + OCTETS, source, offset, captured);
    long record = claimed;
    claimed += size;
    return record;
  }

  /** The first unpublished record of a direction without a comment that holds these octets. */
  long find(Direction direction, int length, ByteBuffer source, int offset, int captured) {
    for (long record = first(); record < claimed; record = after(record)) {
      int at = (int) record & mask;
      if (isOpen(at, direction)
          && memory.getInt(at + LENGTH) == length
          && memory.getInt(at + CAPTURED) == captured
          && memory.slice(at + OCTETS, captured).equals(source.slice(offset, captured))) {
        return record;
      }
    }
    return FULL;
  }

  /** Comments on every unpublished record of a direction that has no comment yet. */
  void comment(Direction direction, int comment) {
    for (long record = first(); record < claimed; record = after(record)) {
      if (isOpen((int) record & mask, direction)) {
        comment(record, comment);
      }
    }
  }

  /** Comments on an unpublished record. */
  void comment(long record, int comment) {
    memory.putInt(((int) record & mask) + COMMENT, comment);
  }

  private boolean isOpen(int at, Direction direction) {
    return memory.getInt(at + DIRECTION) == direction.ordinal() && memory.getInt(at + COMMENT) == 0;
  }

  private long first() {
    long first = published.get();
    return first < claimed ? skipPadding(first) : first;
  }

  private long after(long record) {
    long next = record + memory.getInt(((int) record & mask) + SIZE);
    return next < claimed ? skipPadding(next) : next;
  }

  private long skipPadding(long record) {
    int size = memory.getInt(((int) record & mask) + SIZE);
    return size < 0 ? record - size : record;
  }

  /** Lets the reader see what was claimed; false where there was nothing new. */
  boolean publish() {
    if (published.get() == claimed) {
      return false;
    }
    published.set(claimed);
    return true;
  }

  /** Whether there is something to read. */
  boolean isReadable() {
    return consumed.get() < published.get();
  }

  /** Hands over what has been published, until the reader has enough. */
  void read(Reader reader) {
    long end = published.get();
    long at = consumed.get();
    boolean more = true;
    while (more && at < end) {
      int index = (int) at & mask;
      int size = memory.getInt(index + SIZE);
      if (size > 0) {
        more =
            reader.packet(
                DIRECTIONS[memory.getInt(index + DIRECTION)],
                memory.getLong(index + TIME),
                memory.getInt(index + LENGTH),
                memory.getLong(index + MISSED),
                memory.getInt(index + COMMENT),
                memory,
                index + OCTETS,
                memory.getInt(index + CAPTURED));
      }
      at += Math.abs(size);
      consumed.set(at);
    }
  }
}
