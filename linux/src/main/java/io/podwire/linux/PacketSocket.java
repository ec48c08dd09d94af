package io.podwire.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A non-blocking socket for whole Ethernet frames of one type on one link (packet(7)).
 *
 * <p>Not thread-safe; confined to the event loop that reads and writes it.
 */
public final class PacketSocket implements AutoCloseable {

  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;

  // struct sockaddr_ll
  private static final int SOCKADDR_LENGTH = 20;
  private static final int PROTOCOL_OFFSET = 2;
  private static final int INDEX_OFFSET = 4;

  private static final int CAPACITY = 2048;

  private final Descriptor descriptor;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment memory = arena.allocate(CAPACITY, Long.BYTES);

  private PacketSocket(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Opens it in the calling thread's network namespace.
   *
   * @param link the link's index
   * @param etherType of the frames to receive
   */
  public static PacketSocket open(int link, int etherType) {
    // Without a protocol it receives nothing until it is bound.
    Descriptor descriptor =
        new Descriptor(
            (int)
                SystemCall.SOCKET.call(
                    "packet", AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SOCKADDR_LENGTH, Integer.BYTES);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
      address.set(NETWORK_SHORT, PROTOCOL_OFFSET, (short) etherType);
      address.set(ValueLayout.JAVA_INT, INDEX_OFFSET, link);
      SystemCall.BIND.call(
          "packet socket on link " + link, descriptor.number(), address.address(), SOCKADDR_LENGTH);
      return new PacketSocket(descriptor);
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** The next frame, or an empty one where none waits. */
  public byte[] receive() {
    long length =
        SystemCall.RECVFROM.attempt(descriptor.number(), memory.address(), CAPACITY, 0, 0, 0);
    return length <= 0 ? new byte[0] : memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Sends a frame; one that the link does not take is lost, as on any link. */
  public void send(byte[] frame) {
    MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
    SystemCall.SENDTO.attempt(
        descriptor.number(), memory.address(), Math.min(frame.length, CAPACITY), 0, 0, 0);
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
