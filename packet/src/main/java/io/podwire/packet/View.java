package io.podwire.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A window over the bytes of one header and what follows it; a subclass names the fields.
 *
 * <p>A view allocates nothing and is meant to be kept and wrapped again for each packet. All access
 * is absolute, so that the buffer's position and limit stay untouched. Accessors do not check
 * anything: call the subclass's {@code check()} first, after which none of them throws. Numbers are
 * unsigned ints unless said otherwise; MAC addresses are the low 48 bits of a long, IPv4 addresses
 * an int, IPv6 addresses two longs.
 *
 * <p>Not thread-safe.
 */
public abstract class View {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  ByteBuffer buffer = NOTHING;
  int offset;
  int length;

  View() {}

  /** The big-endian buffer that the view was put over. */
  public final ByteBuffer buffer() {
    return buffer;
  }

  /** Where in the buffer the header begins. */
  public final int offset() {
    return offset;
  }

  /** The octets from the header's start that belong to it and its payload. */
  public final int length() {
    return length;
  }

  final void put(ByteBuffer over, int from, int octets) {
    assert over.order() == ByteOrder.BIG_ENDIAN : "network order is big-endian";
    buffer = over;
    offset = from;
    length = octets;
  }

  /** Whether the window lies inside the buffer and has at least this many octets. */
  final boolean holds(int octets) {
    return length >= octets && offset >= 0 && length <= buffer.limit() - offset;
  }

  final int u8(int at) {
    return buffer.get(offset + at) & 0xff;
  }

  final int u16(int at) {
    return buffer.getShort(offset + at) & 0xffff;
  }

  final int i32(int at) {
    return buffer.getInt(offset + at);
  }

  final long i64(int at) {
    return buffer.getLong(offset + at);
  }

  final long mac(int at) {
    return ((long) u16(at) << 32) | (i32(at + 2) & 0xffff_ffffL);
  }

  final void put8(int at, int value) {
    buffer.put(offset + at, (byte) value);
  }

  final void put16(int at, int value) {
    buffer.putShort(offset + at, (short) value);
  }

  final void put32(int at, int value) {
    buffer.putInt(offset + at, value);
  }

  final void put64(int at, long value) {
    buffer.putLong(offset + at, value);
  }

  final void putMac(int at, long mac) {
    put16(at, (int) (mac >>> 32));
    put32(at + 2, (int) mac);
  }
}
