package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.podwire.packet.addr.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A non-blocking UDP socket of the family of its address (udp(7)) whose calls allocate nothing;
 * ports are 0-65535, memory is given by address.
 *
 * <p>Stays with the namespace it was opened in. Not thread-safe; confined to the event loop that
 * reads and writes it.
 */
public final class UdpSocket implements AutoCloseable {

  /** What becomes of a datagram larger than the path's MTU (ip(7), IP_MTU_DISCOVER). */
  public enum MtuDiscovery {
    /** It is fragmented; DF is not set. */
    FRAGMENT(0),
    /** DF is set, and a datagram larger than the known path MTU fails with EMSGSIZE. */
    DISCOVER(2),
    /** DF is set, the known path MTU is not looked at. */
    PROBE(3),
    /** DF is not set, and one larger than the link's MTU fails with EMSGSIZE. */
    INTERFACE(4);

    private final int value;

    MtuDiscovery(int value) {
      this.value = value;
    }
  }

  private static final ValueLayout.OfShort NETWORK_SHORT =
      JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt NETWORK_INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_IP = 0;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int SOL_IPV6 = 41;
  private static final int IPV6_MTU_DISCOVER = 23;
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;
  private static final int UDP_GRO = 104;

  // struct cmsghdr: length, level, type, then data, aligned to 8 octets.
  private static final int CONTROL_HEADER_LENGTH = 16;
  private static final int CONTROL_LEVEL_OFFSET = 8;
  private static final int CONTROL_TYPE_OFFSET = 12;
  private static final int CONTROL_LENGTH = 24;

  // struct sockaddr_in and sockaddr_in6.
  private static final int IPV4_NAME_LENGTH = 16;
  private static final int IPV6_NAME_LENGTH = 28;
  private static final int PORT_OFFSET = 2;
  private static final int IPV4_ADDRESS_OFFSET = 4;
  private static final int IPV6_ADDRESS_OFFSET = 8;
  private static final int IOVEC_LENGTH = 16;
  private static final int MSGHDR_LENGTH = 56;
  private static final int MSG_NAME_LENGTH_OFFSET = 8;
  private static final int MSG_IOV_OFFSET = 16;
  private static final int MSG_IOV_COUNT_OFFSET = 24;
  private static final int MSG_CONTROL_OFFSET = 32;
  private static final int MSG_CONTROL_LENGTH_OFFSET = 40;
  private static final int MSG_FLAGS_OFFSET = 48;
  private static final int MSG_TRUNC = 0x20;

  private static final int SENDMSG = SystemCall.SENDMSG.number();
  private static final int RECVMSG = SystemCall.RECVMSG.number();

  private final Descriptor descriptor;
  private final boolean ipv4;
  private final int nameLength;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment captured = SystemCall.captureState(arena);
  private final MemorySegment peer = arena.allocate(IPV6_NAME_LENGTH, Long.BYTES);
  private final MemorySegment vector = arena.allocate(2 * IOVEC_LENGTH, Long.BYTES);
  private final MemorySegment message = arena.allocate(MSGHDR_LENGTH, Long.BYTES);
  private final MemorySegment control = arena.allocate(CONTROL_LENGTH, Long.BYTES);
  private int segmentSize;

  private UdpSocket(Descriptor descriptor, boolean ipv4) {
    this.descriptor = descriptor;
    this.ipv4 = ipv4;
    this.nameLength = ipv4 ? IPV4_NAME_LENGTH : IPV6_NAME_LENGTH;
    peer.set(JAVA_SHORT, 0, (short) (ipv4 ? AF_INET : AF_INET6));
    message.set(JAVA_LONG, 0, peer.address());
    message.set(JAVA_LONG, MSG_IOV_OFFSET, vector.address());
  }

  /**
   * Opens and binds in the calling thread's namespace.
   *
   * @param port 0 lets the kernel choose, see {@link #localPort}
   */
  public static UdpSocket bind(IpAddress address, int port) {
    int family = address.isIpv4() ? AF_INET : AF_INET6;
    long number =
        SystemCall.SOCKET.call("udp", family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    UdpSocket socket = new UdpSocket(new Descriptor((int) number), address.isIpv4());
    try {
      socket.name(address, port);
      SystemCall.BIND.call(
          "udp " + address + ":" + port,
          socket.descriptor.number(),
          socket.peer.address(),
          socket.nameLength);
      return socket;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Writes where the next datagram goes. */
  private void name(IpAddress address, int port) {
    peer.set(NETWORK_SHORT, PORT_OFFSET, (short) port);
    if (ipv4) {
      peer.set(NETWORK_INT, IPV4_ADDRESS_OFFSET, address.ipv4Bits());
    } else {
      peer.set(NETWORK_LONG, IPV6_ADDRESS_OFFSET, address.high());
      peer.set(NETWORK_LONG, IPV6_ADDRESS_OFFSET + 8, address.low());
    }
  }

  /** Octets that may wait to be read; beyond the system's limit where privileged. */
  public void setReceiveBuffer(int octets) {
    if (!option(SOL_SOCKET, SO_RCVBUFFORCE, octets)) {
      option(SOL_SOCKET, SO_RCVBUF, octets);
    }
  }

  /** Octets that may wait to be sent; beyond the system's limit where privileged. */
  public void setSendBuffer(int octets) {
    if (!option(SOL_SOCKET, SO_SNDBUFFORCE, octets)) {
      option(SOL_SOCKET, SO_SNDBUF, octets);
    }
  }

  public void setMtuDiscovery(MtuDiscovery discovery) {
    boolean set =
        ipv4
            ? option(SOL_IP, IP_MTU_DISCOVER, discovery.value)
            : option(SOL_IPV6, IPV6_MTU_DISCOVER, discovery.value);
    if (!set) {
      throw new LinuxException("setsockopt", Errno.EINVAL, "IP_MTU_DISCOVER " + discovery);
    }
  }

  /**
   * Whether datagrams of one sender that arrive together may be received together (udp(7), UDP_GRO;
   * Linux 5.0), see {@link #segmentSize}.
   *
   * @return false where the kernel has no such option
   */
  public boolean setReceiveCoalescing(boolean coalescing) {
    return option(SOL_UDP, UDP_GRO, coalescing ? 1 : 0);
  }

  /** Whether the kernel has {@link #sendSegments} (Linux 4.18). */
  public boolean canSendSegments() {
    return option(SOL_UDP, UDP_SEGMENT, 0);
  }

  private boolean option(int level, int name, int value) {
    try (Arena temporary = Arena.ofConfined()) {
      return SystemCall.SETSOCKOPT.attempt(
              descriptor.number(), level, name, NativeMemory.integer(temporary, value), 4)
          == 0;
    }
  }

  /** The port that it is bound to. */
  public int localPort() {
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment local = temporary.allocate(IPV6_NAME_LENGTH, Long.BYTES);
      SystemCall.GETSOCKNAME.call(
          "udp",
          descriptor.number(),
          local.address(),
          NativeMemory.integer(temporary, IPV6_NAME_LENGTH));
      return local.get(NETWORK_SHORT, PORT_OFFSET) & 0xffff;
    }
  }

  /**
   * Receives a datagram; its sender is then {@link #sourceHigh}, {@link #sourceLow} and {@link
   * #sourcePort}. Where {@link #setReceiveCoalescing} allows it, several of its sender's may come
   * at once.
   *
   * @return its length; or a negated {@link Errno}: EAGAIN where none waits, EMSGSIZE for one
   *     larger than the capacity, which is lost
   */
  public int receive(long address, int capacity) {
    vector.set(JAVA_LONG, 0, address);
    vector.set(JAVA_LONG, 8, capacity);
    message.set(JAVA_INT, MSG_NAME_LENGTH_OFFSET, nameLength);
    message.set(JAVA_LONG, MSG_IOV_COUNT_OFFSET, 1);
    message.set(JAVA_LONG, MSG_CONTROL_OFFSET, control.address());
    message.set(JAVA_LONG, MSG_CONTROL_LENGTH_OFFSET, CONTROL_LENGTH);
    segmentSize = 0;
    int length =
        (int)
            SystemCall.shortCall(
                captured, RECVMSG, descriptor.number(), message.address(), 0, 0, 0, 0);
    if (length < 0) {
      return length;
    }
    if (message.get(JAVA_LONG, MSG_CONTROL_LENGTH_OFFSET) >= CONTROL_HEADER_LENGTH + Integer.BYTES
        && control.get(JAVA_INT, CONTROL_LEVEL_OFFSET) == SOL_UDP
        && control.get(JAVA_INT, CONTROL_TYPE_OFFSET) == UDP_GRO) {
      segmentSize = control.get(JAVA_INT, CONTROL_HEADER_LENGTH);
    }
    return (message.get(JAVA_INT, MSG_FLAGS_OFFSET) & MSG_TRUNC) != 0 ? -Errno.EMSGSIZE : length;
  }

  /**
   * Of what was received last: 0 for a single datagram, else the length of each of several, the
   * last of which may be shorter.
   */
  public int segmentSize() {
    return segmentSize;
  }

  /** First half of the source of the datagram received last, as in {@link IpAddress}. */
  public long sourceHigh() {
    return ipv4 ? 0 : peer.get(NETWORK_LONG, IPV6_ADDRESS_OFFSET);
  }

  /** Second half of the source of the datagram received last. */
  public long sourceLow() {
    return ipv4
        ? IpAddress.mapped(peer.get(NETWORK_INT, IPV4_ADDRESS_OFFSET))
        : peer.get(NETWORK_LONG, IPV6_ADDRESS_OFFSET + 8);
  }

  /** Of the datagram received last. */
  public int sourcePort() {
    return peer.get(NETWORK_SHORT, PORT_OFFSET) & 0xffff;
  }

  /**
   * Sends a datagram.
   *
   * @return its length, or a negated {@link Errno}: EAGAIN where the buffer is full, EMSGSIZE where
   *     it may not be fragmented
   */
  public int send(IpAddress toAddress, int toPort, long payload, int length) {
    return send(toAddress, toPort, payload, length, 0, 0);
  }

  /** As above, for a datagram whose header and rest lie apart. */
  public int send(
      IpAddress toAddress, int toPort, long header, int headerLength, long rest, int restLength) {
    vector.set(JAVA_LONG, IOVEC_LENGTH, rest);
    vector.set(JAVA_LONG, IOVEC_LENGTH + 8, restLength);
    message.set(JAVA_LONG, MSG_CONTROL_LENGTH_OFFSET, 0);
    return send(toAddress, toPort, header, headerLength, restLength == 0 ? 1 : 2);
  }

  /**
   * Sends datagrams of one length, the last of which may be shorter, in one call (udp(7),
   * UDP_SEGMENT).
   *
   * @param size of each datagram; at most 64 of them, and 64 KiB with their headers in all
   * @return octets sent, or a negated {@link Errno} as for a single datagram
   */
  public int sendSegments(IpAddress toAddress, int toPort, long payload, int length, int size) {
    control.set(JAVA_LONG, 0, CONTROL_HEADER_LENGTH + Short.BYTES);
    control.set(JAVA_INT, CONTROL_LEVEL_OFFSET, SOL_UDP);
    control.set(JAVA_INT, CONTROL_TYPE_OFFSET, UDP_SEGMENT);
    control.set(JAVA_SHORT, CONTROL_HEADER_LENGTH, (short) size);
    message.set(JAVA_LONG, MSG_CONTROL_OFFSET, control.address());
    message.set(JAVA_LONG, MSG_CONTROL_LENGTH_OFFSET, CONTROL_LENGTH);
    return send(toAddress, toPort, payload, length, 1);
  }

  private int send(IpAddress toAddress, int toPort, long first, int firstLength, int vectors) {
    if (toAddress.isIpv4() != ipv4) {
      return -Errno.EAFNOSUPPORT;
    }
    name(toAddress, toPort);
    vector.set(JAVA_LONG, 0, first);
    vector.set(JAVA_LONG, 8, firstLength);
    message.set(JAVA_INT, MSG_NAME_LENGTH_OFFSET, nameLength);
    message.set(JAVA_LONG, MSG_IOV_COUNT_OFFSET, vectors);
    return (int)
        SystemCall.shortCall(captured, SENDMSG, descriptor.number(), message.address(), 0, 0, 0, 0);
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
