package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket in the file system that carries lines of text and open descriptors (unix(7),
 * SCM_RIGHTS).
 *
 * <p>Calls block. One thread may receive while another sends; {@link #shutdown} and {@link #close}
 * are for any thread.
 */
public final class UnixSocket implements AutoCloseable {

  /** Octets of a path that the kernel takes. */
  public static final int PATH_MAX = 107;

  /** Octets of a line, without its end. */
  public static final int LINE_MAX = 64 * 1024;

  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SCM_RIGHTS = 1;
  private static final int SHUT_RDWR = 2;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
  private static final int BACKLOG = 128;

  private static final int NAME_LENGTH = 110;
  private static final int NAME_PATH = 2;
  private static final int HEADER_LENGTH = 56;
  private static final int VECTOR = 16;
  private static final int VECTOR_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int CMSG_LENGTH = 16;
  private static final int CMSG_LEVEL = 8;
  private static final int CMSG_TYPE = 12;
  private static final int DESCRIPTORS_MAX = 4;
  private static final int CHUNK = 8 * 1024;

  private final Descriptor descriptor;
  private final String context;
  private final Queue<Descriptor> received = new ConcurrentLinkedQueue<>();
  private byte[] pending = new byte[0];

  private UnixSocket(Descriptor descriptor, String context) {
    this.descriptor = descriptor;
    this.context = context;
  }

  private static UnixSocket open(Path path) {
    int number =
        (int) SystemCall.SOCKET.call(path.toString(), AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return new UnixSocket(new Descriptor(number), path.toString());
  }

  /** Waits for connections at a path where no file is. */
  public static UnixSocket listen(Path path) {
    UnixSocket socket = open(path);
    try (Arena arena = Arena.ofConfined()) {
      long name = name(arena, path);
      SystemCall.BIND.call(socket.context, socket.number(), name, NAME_LENGTH);
      SystemCall.LISTEN.call(socket.context, socket.number(), BACKLOG);
      return socket;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Connects.
   *
   * @throws LinuxException with {@link Errno#ENOENT} where there is no such file, with {@link
   *     Errno#ECONNREFUSED} where nobody listens any more
   */
  public static UnixSocket connect(Path path) {
    UnixSocket socket = open(path);
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.CONNECT.call(socket.context, socket.number(), name(arena, path), NAME_LENGTH);
      return socket;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static long name(Arena arena, Path path) {
    byte[] octets = path.toString().getBytes(StandardCharsets.UTF_8);
    if (octets.length > PATH_MAX) {
      throw new LinuxException(
          "bind",
          Errno.EINVAL,
          path.toString(),
          "a socket's path may have " + PATH_MAX + " octets; choose a shorter one");
    }
    MemorySegment name = arena.allocate(NAME_LENGTH + 2L, Long.BYTES);
    name.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(octets, 0, name, JAVA_BYTE, NAME_PATH, octets.length);
    return name.address();
  }

  /** The next connection; empty once this socket has been shut down. */
  public Optional<UnixSocket> accept() {
    long result = SystemCall.ACCEPT4.attempt(number(), 0, 0, SOCK_CLOEXEC);
    if (result >= 0) {
      return Optional.of(new UnixSocket(new Descriptor((int) result), context));
    }
    if (result == -Errno.EINVAL || result == -Errno.EBADF) {
      return Optional.empty();
    }
    throw new LinuxException("accept", (int) -result, context);
  }

  /** How long {@link #receive} waits; a longer silence is {@link Errno#EAGAIN}. Zero: for ever. */
  public void setReceiveTimeout(long millis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocateFrom(JAVA_LONG, millis / 1000, millis % 1000 * 1000);
      SystemCall.SETSOCKOPT.call(
          context, number(), SOL_SOCKET, SO_RCVTIMEO, time.address(), time.byteSize());
    }
  }

  /** Sends a line, and with its first octet a descriptor that the other end gets one of its own. */
  public void send(String line, @Nullable Integer passed) {
    byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(JAVA_BYTE, octets);
      MemorySegment header = header(arena, text, passed == null ? 0 : CMSG_LENGTH + 8);
      if (passed != null) {
        MemorySegment control = control(header, CMSG_LENGTH + 8);
        control.set(JAVA_LONG, 0, CMSG_LENGTH + Integer.BYTES);
        control.set(JAVA_INT, CMSG_LEVEL, SOL_SOCKET);
        control.set(JAVA_INT, CMSG_TYPE, SCM_RIGHTS);
        control.set(JAVA_INT, CMSG_LENGTH, passed);
      }
      long sent = SystemCall.SENDMSG.call(context, number(), header.address(), MSG_NOSIGNAL);
      while (sent < octets.length) {
        sent +=
            SystemCall.SENDTO.call(
                context, number(), text.address() + sent, octets.length - sent, MSG_NOSIGNAL);
      }
    }
  }

  private static MemorySegment header(Arena arena, MemorySegment buffer, int controlLength) {
    MemorySegment header = arena.allocate(HEADER_LENGTH, Long.BYTES);
    MemorySegment vector = arena.allocateFrom(JAVA_LONG, buffer.address(), buffer.byteSize());
    header.set(JAVA_LONG, VECTOR, vector.address());
    header.set(JAVA_LONG, VECTOR_COUNT, 1);
    if (controlLength > 0) {
      header.set(JAVA_LONG, CONTROL, arena.allocate(controlLength, Long.BYTES).address());
      header.set(JAVA_LONG, CONTROL_LENGTH, controlLength);
    }
    return header;
  }

  private static MemorySegment control(MemorySegment header, long length) {
    return MemorySegment.ofAddress(header.get(JAVA_LONG, CONTROL)).reinterpret(length);
  }

  /**
   * The next line; empty where the other end is gone.
   *
   * @throws LinuxException where the line is too long, or the time is over
   */
  public Optional<String> receive() {
    int searched = 0;
    while (true) {
      for (int i = searched; i < pending.length; i++) {
        if (pending[i] == '\n') {
          String line = new String(pending, 0, i, StandardCharsets.UTF_8);
          pending = Arrays.copyOfRange(pending, i + 1, pending.length);
          return Optional.of(line);
        }
      }
      searched = pending.length;
      if (searched > LINE_MAX) {
        throw new LinuxException("recvmsg", Errno.EMSGSIZE, context);
      }
      byte[] more = more();
      if (more.length == 0) {
        return Optional.empty();
      }
      pending = Arrays.copyOf(pending, searched + more.length);
      System.arraycopy(more, 0, pending, searched, more.length);
    }
  }

  private byte[] more() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(CHUNK);
      int room = CMSG_LENGTH + DESCRIPTORS_MAX * Integer.BYTES;
      MemorySegment header = header(arena, buffer, room);
      long count = SystemCall.RECVMSG.attempt(number(), header.address(), MSG_CMSG_CLOEXEC);
      if (count == -Errno.ECONNRESET || count == -Errno.EBADF) {
        return new byte[0];
      }
      if (count < 0) {
        throw new LinuxException("recvmsg", (int) -count, context);
      }
      keepDescriptors(control(header, room), header.get(JAVA_LONG, CONTROL_LENGTH));
      return buffer.asSlice(0, count).toArray(JAVA_BYTE);
    }
  }

  private void keepDescriptors(MemorySegment control, long length) {
    if (length < CMSG_LENGTH
        || control.get(JAVA_INT, CMSG_LEVEL) != SOL_SOCKET
        || control.get(JAVA_INT, CMSG_TYPE) != SCM_RIGHTS) {
      return;
    }
    long end = Math.min(control.get(JAVA_LONG, 0), length);
    for (long at = CMSG_LENGTH; at + Integer.BYTES <= end; at += Integer.BYTES) {
      Descriptor passed = new Descriptor(control.get(JAVA_INT, at));
      if (received.size() < DESCRIPTORS_MAX) {
        received.add(passed);
      } else {
        passed.close();
      }
    }
  }

  /** The next descriptor that came with the lines received so far; the caller's from now on. */
  public Optional<Descriptor> takeDescriptor() {
    return Optional.ofNullable(received.poll());
  }

  private int number() {
    return descriptor.number();
  }

  /** Ends waiting here and at the other end; the number stays ours until {@link #close}. */
  public void shutdown() {
    if (descriptor.isOpen()) {
      SystemCall.SHUTDOWN.attempt(number(), SHUT_RDWR);
    }
  }

  /** Closes it, and the descriptors that nobody took. */
  @Override
  public void close() {
    shutdown();
    descriptor.close();
    received.forEach(Descriptor::close);
    received.clear();
  }

  @Override
  public String toString() {
    return context;
  }
}
