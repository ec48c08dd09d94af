package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.podwire.packet.addr.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A non-blocking raw socket that gets copies of the ICMPv6 messages of some types that arrive for
 * an address (ipv6(7), RFC 3542 section 3.2); the kernel goes on with them all the same.
 *
 * <p>Needs CAP_NET_RAW. Receiving allocates nothing. Not thread-safe; confined to the event loop
 * that reads it.
 */
public final class Icmpv6Socket implements AutoCloseable {

  private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int AF_INET6 = 10;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int ICMPV6_FILTER = 1;

  /** One bit for each type, set for those that are kept back. */
  private static final int FILTER_LENGTH = 32;

  private static final int NAME_LENGTH = 28;
  private static final int ADDRESS_OFFSET = 8;
  private static final int MSG_TRUNC = 0x20;
  private static final int RECVFROM = SystemCall.RECVFROM.number();

  private final Descriptor descriptor;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment captured = SystemCall.captureState(arena);
  private final MemorySegment sender = arena.allocate(NAME_LENGTH, Long.BYTES);
  private final MemorySegment nameLength = arena.allocate(JAVA_INT);

  private Icmpv6Socket(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Opens and binds in the calling thread's namespace.
   *
   * @throws LinuxException without the right to
   */
  public static Icmpv6Socket bind(IpAddress address, int... types) {
    String context = "icmpv6 " + address;
    long number =
        SystemCall.SOCKET.call(
            context, AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6);
    Icmpv6Socket socket = new Icmpv6Socket(new Descriptor((int) number));
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment filter = temporary.allocate(FILTER_LENGTH, Integer.BYTES);
      filter.fill((byte) -1);
      for (int type : types) {
        long word = (long) (type >>> 5) * Integer.BYTES;
        filter.set(JAVA_INT, word, filter.get(JAVA_INT, word) & ~(1 << (type & 31)));
      }
      SystemCall.SETSOCKOPT.call(
          context, number, IPPROTO_ICMPV6, ICMPV6_FILTER, filter.address(), FILTER_LENGTH);
      SocketNames local = new SocketNames(temporary, 1);
      int length = local.set(0, address, 0);
      SystemCall.BIND.call(context, number, local.address(0), length);
      return socket;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Receives a message, from its ICMPv6 header on; its checksum is right. Its sender is then {@link
   * #sourceHigh} and {@link #sourceLow}.
   *
   * @return its length; or a negated {@link Errno}: EAGAIN where none waits, EMSGSIZE for one
   *     larger than the capacity, which is lost
   */
  public int receive(long address, int capacity) {
    nameLength.set(JAVA_INT, 0, NAME_LENGTH);
    int length =
        (int)
            SystemCall.shortCall(
                captured,
                RECVFROM,
                descriptor.number(),
                address,
                capacity,
                MSG_TRUNC,
                sender.address(),
                nameLength.address());
    return length > capacity ? -Errno.EMSGSIZE : length;
  }

  /** First half of the sender's address, as in {@link IpAddress}. */
  public long sourceHigh() {
    return sender.get(NETWORK_LONG, ADDRESS_OFFSET);
  }

  /** Second half of the sender's address. */
  public long sourceLow() {
    return sender.get(NETWORK_LONG, ADDRESS_OFFSET + 8);
  }

  /** For an event loop, see {@link LoopDescriptor}. */
  public int descriptor() {
    return descriptor.number();
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
