package io.podwire.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
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

  // Classic BPF (linux/filter.h): load an octet, jump unless it is equal, return.
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int LOAD_OCTET = 0x30;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int INSTRUCTION_LENGTH = 8;
  private static final int PROGRAM_LENGTH = 16;

  private static final int CAPACITY = 2048;

  /**
   * What a frame must have to be received.
   *
   * @param offset from the frame's start
   * @param value 0-255
   */
  public record Octet(int offset, int value) {}

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
   * @param all only frames with all of these; the kernel drops the others without a copy
   */
  public static PacketSocket open(int link, int etherType, Octet... all) {
    // Without a protocol it receives nothing until it is bound.
    Descriptor descriptor =
        new Descriptor(
            (int)
                SystemCall.SOCKET.call(
                    "packet", AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    try (Arena arena = Arena.ofConfined()) {
      if (all.length > 0) {
        filter(arena, descriptor, all);
      }
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

  private static void filter(Arena arena, Descriptor descriptor, Octet... all) {
    int count = 2 * all.length + 2;
    MemorySegment memory = arena.allocate((long) count * INSTRUCTION_LENGTH, Long.BYTES);
    ByteBuffer program = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    for (int i = 0; i < all.length; i++) {
      instruction(program, LOAD_OCTET, 0, all[i].offset());
      // To the last instruction, over those for the other octets and the one that accepts.
      instruction(program, JUMP_IF_EQUAL, 2 * (all.length - 1 - i) + 1, all[i].value());
    }
    instruction(program, RETURN, 0, CAPACITY);
    instruction(program, RETURN, 0, 0);
    MemorySegment description = arena.allocate(PROGRAM_LENGTH, Long.BYTES);
    description.set(ValueLayout.JAVA_SHORT, 0, (short) count);
    description.set(ValueLayout.JAVA_LONG, Long.BYTES, memory.address());
    SystemCall.SETSOCKOPT.call(
        "packet filter",
        descriptor.number(),
        SOL_SOCKET,
        SO_ATTACH_FILTER,
        description.address(),
        PROGRAM_LENGTH);
  }

  private static void instruction(ByteBuffer program, int code, int otherwise, int value) {
    program.putShort((short) code).put((byte) 0).put((byte) otherwise).putInt(value);
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
