package io.podwire.agent.tunnel;

import io.podwire.netstack.link.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The native memory through which frames pass: one buffer that every frame is received into, one
 * that datagrams for other nodes are collected in, and one for frames that the netstack made on the
 * heap.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class FrameMemory {

  /** The largest frame that a device may hand over, with its headers. */
  private static final int CAPACITY = Frame.HEADROOM + 65_536 + 64;

  private final ByteBuffer received = ByteBuffer.allocateDirect(CAPACITY);
  private final long receivedAddress = MemorySegment.ofBuffer(received).address();
  private final ByteBuffer staged = ByteBuffer.allocateDirect(CAPACITY);
  private final long stagedAddress = MemorySegment.ofBuffer(staged).address();
  private final Frame staging = new Frame(staged);
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(CAPACITY);
  private final long outgoingAddress = MemorySegment.ofBuffer(outgoing).address();
  private final Frame frame = new Frame(received);

  /** The frame that is received into; valid until the next one is. */
  Frame frame() {
    return frame;
  }

  /** The address of this offset in the receive buffer. */
  long address(int offset) {
    return receivedAddress + offset;
  }

  /** Room from this offset to the end of the receive buffer. */
  int room(int offset) {
    return CAPACITY - offset;
  }

  /** A frame in memory of its own, for what is written before anything else is. */
  Frame staging() {
    return staging;
  }

  /** The buffer that datagrams for other nodes are collected in. */
  ByteBuffer outgoing() {
    return outgoing;
  }

  /**
   * Where the frame's bytes are in native memory, with at least {@link Frame#HEADROOM} less 16
   * bytes of room before them; a heap frame is copied there.
   */
  long nativeAddress(Frame any) {
    if (any.buffer() == received) {
      return receivedAddress + any.start();
    }
    if (any.buffer() == outgoing) {
      return outgoingAddress + any.start();
    }
    if (any.buffer() == staged) {
      return stagedAddress + any.start();
    }
    staged.put(Frame.HEADROOM, any.buffer(), any.start(), any.length());
    return stagedAddress + Frame.HEADROOM;
  }

  /** The buffer in which {@link #nativeAddress} put the frame. */
  ByteBuffer nativeBuffer(Frame any) {
    return isNative(any) ? any.buffer() : staged;
  }

  /** The frame's offset in {@link #nativeBuffer}. */
  int nativeOffset(Frame any) {
    return isNative(any) ? any.start() : Frame.HEADROOM;
  }

  private boolean isNative(Frame any) {
    return any.buffer() == received || any.buffer() == outgoing || any.buffer() == staged;
  }
}
