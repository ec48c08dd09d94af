package io.podwire.linux;

import io.podwire.packet.addr.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An array of {@code struct sockaddr_in} or {@code sockaddr_in6} (ip(7), ipv6(7)), each in room for
 * the larger.
 *
 * <p>Not thread-safe.
 */
final class SocketNames {
  /** Octets of the larger of the two. */
  static final int LENGTH = 28;

  private static final int STRIDE = 32;
  private static final int IPV4_LENGTH = 16;
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  private static final int PORT = 2;
  private static final int IPV4_ADDRESS = 4;
  private static final int IPV6_ADDRESS = 8;
  private static final int IPV6_SCOPE = 24;

  private final MemorySegment names;
  // In network order; the family and the scope are in the machine's.
  private final ByteBuffer octets;

  SocketNames(Arena arena, int size) {
    names = arena.allocate((long) size * STRIDE, Long.BYTES);
    octets = names.asByteBuffer();
  }

  long address(int index) {
    return names.address() + (long) index * STRIDE;
  }

  /** Names an address, and gives the length of its name. */
  int set(int index, IpAddress address, int port) {
    int at = index * STRIDE;
    boolean ipv4 = address.isIpv4();
    octets.putShort(at, swapped(ipv4 ? AF_INET : AF_INET6));
    octets.putShort(at + PORT, (short) port);
    octets.put(at + (ipv4 ? IPV4_ADDRESS : IPV6_ADDRESS), address.toBytes());
    return ipv4 ? IPV4_LENGTH : LENGTH;
  }

  void set(int index, byte[] name) {
    octets.put(index * STRIDE, name);
  }

  byte[] copy(int index, int length) {
    byte[] name = new byte[length];
    octets.get(index * STRIDE, name);
    return name;
  }

  int port(int index) {
    return octets.getShort(index * STRIDE + PORT) & 0xffff;
  }

  /** The address alone, of 4 or 16 octets. */
  byte[] address(int index, int length) {
    boolean ipv4 = length == IPV4_LENGTH;
    byte[] address = new byte[ipv4 ? 4 : 16];
    octets.get(index * STRIDE + (ipv4 ? IPV4_ADDRESS : IPV6_ADDRESS), address);
    return address;
  }

  /** The interface that an IPv6 address belongs to; 0 for none. */
  int scope(int index) {
    int scope = octets.getInt(index * STRIDE + IPV6_SCOPE);
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? scope : Integer.reverseBytes(scope);
  }

  private static short swapped(short value) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Short.reverseBytes(value);
  }
}
