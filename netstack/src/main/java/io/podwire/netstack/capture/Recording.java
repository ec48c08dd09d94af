package io.podwire.netstack.capture;

import io.podwire.netstack.impair.Direction;
import io.podwire.packet.filter.CaptureFilter;
import io.podwire.packet.filter.FrameHeaders;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One capture: the packets of a link that one reader wants, in bounded memory. What the reader is
 * too slow for is lost and counted.
 *
 * <p>Written on the node's event loop, which never waits; read by one other thread.
 */
public final class Recording {

  private final CaptureFilter filter;
  private final int snapLength;
  private final PacketRing ring;
  private final Runnable arrival;
  private final AtomicLong missed = new AtomicLong();
  private final Map<String, Integer> numbers = new HashMap<>();
  private volatile String[] comments = {""};

  /** Takes recorded packets; the buffer is lent. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Takes one packet.
     *
     * @param length octets on the link, of which {@code captured} are there
     * @param missed packets lost until then, in all
     * @param comment why it went no further; empty where it did
     * @return whether to go on
     */
    boolean packet(
        Direction direction,
        long epochNanos,
        int length,
        long missed,
        String comment,
        ByteBuffer buffer,
        int offset,
        int captured);
  }

  /**
   * @param snapLength octets that are kept of each packet
   * @param capacity octets of memory, a power of two
   * @param arrival told on the event loop that there is something to read; must not block
   */
  public Recording(CaptureFilter filter, int snapLength, int capacity, Runnable arrival) {
    this.filter = filter;
    this.snapLength = snapLength;
    this.ring = new PacketRing(capacity);
    this.arrival = arrival;
  }

  boolean wants(FrameHeaders headers) {
    return filter.matches(headers);
  }

  void add(Direction direction, long epochNanos, ByteBuffer source, int offset, int length) {
    int captured = Math.min(length, snapLength);
    long known = missed.get();
    if (ring.claim(direction, epochNanos, length, known, source, offset, captured)
        == PacketRing.FULL) {
      missed.set(known + 1);
    }
  }

  /** Says why a packet went no further, whether it was recorded a moment ago or not. */
  void lost(
      Direction direction,
      long epochNanos,
      ByteBuffer source,
      int offset,
      int length,
      String comment) {
    int captured = Math.min(length, snapLength);
    long record = ring.find(direction, length, source, offset, captured);
    if (record == PacketRing.FULL) {
      long known = missed.get();
      record = ring.claim(direction, epochNanos, length, known, source, offset, captured);
      if (record == PacketRing.FULL) {
        missed.set(known + 1);
        return;
      }
    }
    ring.comment(record, number(comment));
  }

  /** Says why nothing that was recorded a moment ago went further. */
  void lost(Direction direction, String comment) {
    ring.comment(direction, number(comment));
  }

  private int number(String comment) {
    Integer known = numbers.get(comment);
    if (known != null) {
      return known;
    }
    String[] before = comments;
    String[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = comment;
    comments = after;
    numbers.put(comment, before.length);
    return before.length;
  }

  void publish() {
    if (ring.publish()) {
      arrival.run();
    }
  }

  /** Whether there is something to read. */
  public boolean isReadable() {
    return ring.isReadable();
  }

  /** Hands over what there is, until the reader has enough. */
  public void read(Reader reader) {
    ring.read((direction, nanos, length, lost, comment, buffer, offset, captured) ->
        reader.packet(direction, nanos, length, lost, comments[comment], buffer, offset, captured));
  }

  /** Packets that there was no room for. */
  public long missed() {
    return missed.get();
  }
}
