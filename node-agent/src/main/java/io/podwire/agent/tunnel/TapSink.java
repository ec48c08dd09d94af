package io.podwire.agent.tunnel;

import io.podwire.linux.Tap;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;

/**
 * Writes frames to a TAP.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class TapSink implements FrameSink {

  private final Tap tap;
  private final FrameMemory memory;

  TapSink(Tap tap, FrameMemory memory) {
    this.tap = tap;
    this.memory = memory;
  }

  @Override
  public boolean transmit(Frame frame) {
    long address = memory.nativeAddress(frame);
    int header = memory.nativeOffset(frame) - Tap.HEADER_LENGTH;
    VirtioNetHeader.write(frame, memory.nativeBuffer(frame), header);
    int length = frame.length() + Tap.HEADER_LENGTH;
    return tap.write(address - Tap.HEADER_LENGTH, length) == length;
  }
}
