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
 * A non-blocking IPv4 UDP socket (udp(7)) whose calls allocate nothing; addresses are their 32
 * bits, ports 0-65535, memory is given by address.
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

  private static final int AF_INET = 2;
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

  private static final int SOCKADDR_LENGTH = 16;
  private static final int PORT_OFFSET = 2;
  private static final int ADDRESS_OFFSET = 4;
  private static final int IOVEC_LENGTH = 16;
  private static final int MSGHDR_LENGTH = 56;
  private static final int MSG_NAME_LENGTH_OFFSET = 8;
  private static final int MSG_IOV_OFFSET = 16;
  private static final int MSG_IOV_COUNT_OFFSET = 24;
  private static final int MSG_FLAGS_OFFSET = 48;
  private static final int MSG_TRUNC = 0x20;

  private static final int SENDMSG = SystemCall.SENDMSG.number();
  private static final int RECVMSG = SystemCall.RECVMSG.number();

  private final Descriptor descriptor;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment captured = SystemCall.captureState(arena);
  private final MemorySegment peer = arena.allocate(SOCKADDR_LENGTH, Long.BYTES);
  private final MemorySegment vector = arena.allocate(2 * IOVEC_LENGTH, Long.BYTES);
  private final MemorySegment message = arena.allocate(MSGHDR_LENGTH, Long.BYTES);

  private UdpSocket(Descriptor descriptor) {
    this.descriptor = descriptor;
    peer.set(JAVA_SHORT, 0, (short) AF_INET);
    message.set(JAVA_LONG, 0, peer.address());
    message.set(JAVA_LONG, MSG_IOV_OFFSET, vector.address());
  }

  /**
   * Opens and binds in the calling thread's namespace.
   *
   * @param port 0 lets the kernel choose, see {@link #localPort}
   */
  public static UdpSocket bind(IpAddress address, int port) {
    UdpSocket socket =
        new UdpSocket(
            new Descriptor(
                (int)
                    SystemCall.SOCKET.call(
                        "udp", AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment local = arena.allocate(SOCKADDR_LENGTH, Long.BYTES);
      local.set(JAVA_SHORT, 0, (short) AF_INET);
      local.set(NETWORK_SHORT, PORT_OFFSET, (short) port);
      local.set(NETWORK_INT, ADDRESS_OFFSET, address.ipv4Bits());
      SystemCall.BIND.call(
          "udp " + address + ":" + port,
          socket.descriptor.number(),
          local.address(),
          SOCKADDR_LENGTH);
      return socket;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
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
    if (!option(SOL_IP, IP_MTU_DISCOVER, discovery.value)) {
      throw new LinuxException("setsockopt", Errno.EINVAL, "IP_MTU_DISCOVER " + discovery);
    }
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
      MemorySegment local = temporary.allocate(SOCKADDR_LENGTH, Long.BYTES);
      SystemCall.GETSOCKNAME.call(
          "udp",
          descriptor.number(),
          local.address(),
          NativeMemory.integer(temporary, SOCKADDR_LENGTH));
      return local.get(NETWORK_SHORT, PORT_OFFSET) & 0xffff;
    }
  }

  /**
   * Receives a datagram; its sender is then {@link #sourceAddress} and {@link #sourcePort}.
   *
   * @return its length; or a negated {@link Errno}: EAGAIN where none waits, EMSGSIZE for one
   *     larger than the capacity, which is lost
   */
  public int receive(long address, int capacity) {
    vector.set(JAVA_LONG, 0, address);
    vector.set(JAVA_LONG, 8, capacity);
    message.set(JAVA_INT, MSG_NAME_LENGTH_OFFSET, SOCKADDR_LENGTH);
    message.set(JAVA_LONG, MSG_IOV_COUNT_OFFSET, 1);
    int length =
        (int)
            SystemCall.shortCall(
                captured, RECVMSG, descriptor.number(), message.address(), 0, 0, 0, 0);
    return length >= 0 && (message.get(JAVA_INT, MSG_FLAGS_OFFSET) & MSG_TRUNC) != 0
        ? -Errno.EMSGSIZE
        : length;
  }

  /** Of the datagram received last. */
  public int sourceAddress() {
    return peer.get(NETWORK_INT, ADDRESS_OFFSET);
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
  public int send(int toAddress, int toPort, long payload, int length) {
    return send(toAddress, toPort, payload, length, 0, 0);
  }

  /** As above, for a datagram whose header and rest lie apart. */
  public int send(
      int toAddress, int toPort, long header, int headerLength, long rest, int restLength) {
    peer.set(NETWORK_SHORT, PORT_OFFSET, (short) toPort);
    peer.set(NETWORK_INT, ADDRESS_OFFSET, toAddress);
    vector.set(JAVA_LONG, 0, header);
    vector.set(JAVA_LONG, 8, headerLength);
    vector.set(JAVA_LONG, IOVEC_LENGTH, rest);
    vector.set(JAVA_LONG, IOVEC_LENGTH + 8, restLength);
    message.set(JAVA_INT, MSG_NAME_LENGTH_OFFSET, SOCKADDR_LENGTH);
    message.set(JAVA_LONG, MSG_IOV_COUNT_OFFSET, restLength == 0 ? 1 : 2);
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
