package io.podwire.cli.capture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.podwire.cli.outcome.CommandFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Every frame that passes the links of the network namespace in which it was opened (packet(7)).
 *
 * <p>Stays with that namespace wherever it is read. Not thread-safe.
 */
public final class PacketSocket implements AutoCloseable {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int ETH_P_ALL = 3;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int MAX_FRAME = 65_536;
  private static final int TIMEVAL_LENGTH = 2 * Long.BYTES;
  private static final long WAIT_MICROS = 100_000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SOCKET =
      function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RECV =
      function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(MAX_FRAME, Long.BYTES);
  private final ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
  private final int descriptor;

  /** Opens one in the calling thread's network namespace; needs CAP_NET_RAW there. */
  public PacketSocket() {
    // The protocol is in network order (packet(7)); with it, a socket listens on all links.
    int protocol = Short.toUnsignedInt(Short.reverseBytes((short) ETH_P_ALL));
    try {
      descriptor = (int) SOCKET.invokeExact(AF_PACKET, SOCK_RAW_CLOEXEC, protocol);
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
    if (descriptor < 0 || limitWaiting(descriptor) != 0) {
      arena.close();
      throw new CommandFailure(
          "frames cannot be captured here: run as root, or with the capability NET_RAW");
    }
  }

  /**
   * The next frame, or empty where none came within a tenth of a second.
   *
   * @return valid until the next call
   */
  public Optional<ByteBuffer> receive() {
    try {
      long length = (long) RECV.invokeExact(descriptor, memory, (long) MAX_FRAME, 0);
      return length <= 0
          ? Optional.empty()
          : Optional.of(buffer.duplicate().order(ByteOrder.BIG_ENDIAN).limit((int) length));
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
  }

  private static int limitWaiting(int descriptor) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment timeval = call.allocate(TIMEVAL_LENGTH, Long.BYTES);
      timeval.set(JAVA_LONG, Long.BYTES, WAIT_MICROS);
      return (int)
          SETSOCKOPT.invokeExact(descriptor, SOL_SOCKET, SO_RCVTIMEO, timeval, TIMEVAL_LENGTH);
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
  }

  private static MethodHandle function(
      String name, ValueLayout result, MemoryLayout... parameters) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, parameters));
  }

  private static RuntimeException nativeFailure(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
  }

  @Override
  public void close() {
    try {
      int ignored = (int) CLOSE.invokeExact(descriptor);
      assert ignored == 0 : "close refused descriptor " + descriptor;
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
    arena.close();
  }
}
