package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.podwire.packet.addr.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * A non-blocking UDP socket that takes in many datagrams with one system call and sends as many
 * replies with another (recvmmsg(2), sendmmsg(2)); receiving and replying allocate nothing.
 *
 * <p>Several sockets may share one port: the kernel gives each flow to one of them (socket(7),
 * SO_REUSEPORT). Not thread-safe; confined to the event loop that reads and writes it.
 */
public final class UdpBatchSocket implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_REUSEPORT = 15;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  private static final int RECVMMSG = SystemCall.RECVMMSG.number();
  private static final int SENDMMSG = SystemCall.SENDMMSG.number();
  private static final int SENDTO = SystemCall.SENDTO.number();

  private final Descriptor descriptor;
  private final int size;
  private final int capacity;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment captured = SystemCall.captureState(arena);
  private final MemorySegment contents;
  private final ByteBuffer octets;
  private final SocketNames senders;
  private final MessageVector received;
  private final MessageVector replies;
  private final MemorySegment late;
  private int waiting;

  private UdpBatchSocket(Descriptor descriptor, int size, int capacity) {
    this.descriptor = descriptor;
    this.size = size;
    this.capacity = capacity;
    contents = arena.allocate((long) size * capacity, Long.BYTES);
    octets = contents.asByteBuffer();
    senders = new SocketNames(arena, size + 1);
    received = new MessageVector(arena, size);
    replies = new MessageVector(arena, size);
    late = arena.allocate(capacity, Long.BYTES);
    for (int i = 0; i < size; i++) {
      received.set(
          i,
          senders.address(i),
          SocketNames.LENGTH,
          contents.address() + (long) i * capacity,
          capacity);
    }
  }

  /**
   * Opens and binds in the calling thread's namespace; {@code ::} takes IPv4 too.
   *
   * @param port 0 lets the kernel choose, see {@link #localPort}
   * @param size datagrams that one call takes in at most
   * @param capacity octets kept of each; the rest of a larger one is cut off
   * @throws LinuxException where the address cannot be had
   */
  public static UdpBatchSocket bindShared(IpAddress address, int port, int size, int capacity) {
    int family = address.isIpv4() ? AF_INET : AF_INET6;
    String context = "udp " + address + ":" + port;
    int number =
        (int) SystemCall.SOCKET.call(context, family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    UdpBatchSocket socket = new UdpBatchSocket(new Descriptor(number), size, capacity);
    try (Arena temporary = Arena.ofConfined()) {
      SystemCall.SETSOCKOPT.call(
          context, number, SOL_SOCKET, SO_REUSEPORT, NativeMemory.integer(temporary, 1), 4);
      if (family == AF_INET6) {
        socket.option(SOL_IPV6, IPV6_V6ONLY, 0);
      }
      SocketNames local = new SocketNames(temporary, 1);
      int length = local.set(0, address, port);
      SystemCall.BIND.call(context, number, local.address(0), length);
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

  private boolean option(int level, int name, int value) {
    try (Arena temporary = Arena.ofConfined()) {
      long result =
          SystemCall.SETSOCKOPT.attempt(
              descriptor.number(), level, name, NativeMemory.integer(temporary, value), 4);
      return result == 0;
    }
  }

  /** The port that it is bound to. */
  public int localPort() {
    try (Arena temporary = Arena.ofConfined()) {
      SocketNames local = new SocketNames(temporary, 1);
      MemorySegment length = temporary.allocateFrom(JAVA_INT, SocketNames.LENGTH);
      SystemCall.GETSOCKNAME.call("udp", descriptor.number(), local.address(0), length.address());
      return local.port(0);
    }
  }

  /** For an event loop, see {@link LoopDescriptor}. */
  public int descriptor() {
    return descriptor.number();
  }

  /** Datagrams that one call takes in at most. */
  public int size() {
    return size;
  }

  /** The contents of all datagrams, big-endian; which part is whose says {@link #offset}. */
  public ByteBuffer octets() {
    return octets;
  }

  /** Where in {@link #octets} the i-th datagram begins. */
  public int offset(int index) {
    return index * capacity;
  }

  /** Octets of the i-th datagram, as many as were kept. */
  public int length(int index) {
    return Math.min(received.transferred(index), capacity);
  }

  /**
   * Takes in what waits, in place of the datagrams before.
   *
   * @return how many; or a negated {@link Errno}: EAGAIN where none waits
   */
  public int receive() {
    for (int i = 0; i < size; i++) {
      received.setNameLength(i, SocketNames.LENGTH);
    }
    return (int)
        SystemCall.shortCall(
            captured, RECVMMSG, descriptor.number(), received.address(0), size, 0, 0, 0);
  }

  /** The source port of the i-th datagram. */
  public int sourcePort(int index) {
    return senders.port(index);
  }

  /** Where the i-th datagram came from; allocates. */
  public InetSocketAddress source(int index) {
    try {
      byte[] address = senders.address(index, received.nameLength(index));
      // The scope is part of where a link-local address is.
      InetAddress host =
          address.length == 16 && !isMapped(address)
              ? Inet6Address.getByAddress(null, address, senders.scope(index))
              : InetAddress.getByAddress(address);
      return new InetSocketAddress(host, senders.port(index));
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 octets are always an address", e);
    }
  }

  private static boolean isMapped(byte[] address) {
    for (int i = 0; i < 12; i++) {
      if (address[i] != (i < 10 ? 0 : -1)) {
        return false;
      }
    }
    return true;
  }

  /** The sender of the i-th datagram as the kernel names it, for {@link #send}; allocates. */
  public byte[] sender(int index) {
    return senders.copy(index, received.nameLength(index));
  }

  /**
   * Has the first octets of the i-th place sent to the sender of its datagram by {@link #flush}; at
   * most once for each.
   */
  public void reply(int index, int length) {
    replies.set(
        waiting++,
        senders.address(index),
        received.nameLength(index),
        contents.address() + (long) index * capacity,
        length);
  }

  /**
   * Sends the replies.
   *
   * @return how many the kernel did not take, which are lost; 0 is the rule
   */
  public int flush() {
    int done = 0;
    int lost = 0;
    while (done < waiting) {
      int result =
          (int)
              SystemCall.shortCall(
                  captured,
                  SENDMMSG,
                  descriptor.number(),
                  replies.address(done),
                  waiting - done,
                  0,
                  0,
                  0);
      if (result > 0) {
        done += result;
      } else if (result == -Errno.EAGAIN) {
        lost += waiting - done;
        done = waiting;
      } else if (result != -Errno.EINTR) {
        // The first of them cannot be sent, such as to a network without a route: on with the rest.
        done++;
        lost++;
      }
    }
    waiting = 0;
    return lost;
  }

  /**
   * Sends one datagram at once, such as a reply that was not ready in time.
   *
   * @param to from {@link #sender}
   * @return its length, or a negated {@link Errno}
   */
  public int send(byte[] to, ByteBuffer payload) {
    int length = payload.remaining();
    if (length > capacity) {
      return -Errno.EMSGSIZE;
    }
    senders.set(size, to);
    late.asByteBuffer().put(payload.duplicate());
    return (int)
        SystemCall.shortCall(
            captured,
            SENDTO,
            descriptor.number(),
            late.address(),
            length,
            0,
            senders.address(size),
            to.length);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
