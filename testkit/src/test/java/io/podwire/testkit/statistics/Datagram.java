package io.podwire.testkit.statistics;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * A numbered datagram: which of its stream it is, when it was sent, and a sum over all octets, so
 * that one with a wrong octet is told.
 *
 * <p>Not thread-safe.
 */
final class Datagram {

  /** The smallest payload, in octets. */
  static final int SMALLEST = 20;

  private static final int INDEX = 0;
  private static final int SENT = 4;
  private static final int SUM = 12;
  private static final int REST = 20;

  private final CRC32 crc = new CRC32();

  /** Writes a datagram of the buffer's capacity, ready to be sent. */
  void write(ByteBuffer to, int index, long sentNanos) {
    to.clear();
    to.putInt(INDEX, index).putLong(SENT, sentNanos);
    to.putLong(SUM, sum(to, to.capacity()));
  }

  static int index(ByteBuffer from) {
    return from.getInt(INDEX);
  }

  /** When it was sent, by {@link System#nanoTime}. */
  static long sentNanos(ByteBuffer from) {
    return from.getLong(SENT);
  }

  /** Whether the datagram that lies in front of the buffer's position is as it was written. */
  boolean isIntact(ByteBuffer from) {
    int length = from.position();
    return length >= SMALLEST && from.getLong(SUM) == sum(from, length);
  }

  private long sum(ByteBuffer of, int length) {
    crc.reset();
    crc.update(of.slice(0, SUM));
    crc.update(of.slice(REST, length - REST));
    return crc.getValue();
  }
}
