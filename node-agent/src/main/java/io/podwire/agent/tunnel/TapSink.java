package io.podwire.agent.tunnel;

import io.podwire.linux.Errno;
import io.podwire.linux.Tap;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.Segmenter;

/**
 * Writes frames to a TAP.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class TapSink implements FrameSink {

  private final Tap tap;
  private final FrameMemory memory;
  private final Segmenter segmenter = new Segmenter();
  private boolean refusesDatagrams;

  TapSink(Tap tap, FrameMemory memory) {
    this.tap = tap;
    this.memory = memory;
  }

  @Override
  public boolean transmit(Frame frame) {
    boolean isDatagrams = frame.segmentType() == SegmentType.UDP;
    if (isDatagrams && refusesDatagrams) {
      return transmitSegments(frame);
    }
    int result = write(frame);
    if (result != -Errno.EINVAL || frame.segmentSize() == 0) {
      return result == frame.length() + Tap.HEADER_LENGTH;
    }
    // Kernels before 6.2 know no unsegmented UDP; some refuse frames that others take.
    refusesDatagrams |= isDatagrams;
    return transmitSegments(frame);
  }

  private int write(Frame frame) {
    long address = memory.nativeAddress(frame);
    int header = memory.nativeOffset(frame) - Tap.HEADER_LENGTH;
    VirtioNetHeader.write(frame, memory.nativeBuffer(frame), header);
    return tap.write(address - Tap.HEADER_LENGTH, frame.length() + Tap.HEADER_LENGTH);
  }

  private boolean transmitSegments(Frame frame) {
    boolean sent = segmenter.wrap(frame);
    for (int i = 0; sent && i < segmenter.count(); i++) {
      Frame segment = memory.staging();
      segment.reset(Frame.HEADROOM, segmenter.length(i));
      segmenter.write(i, segment.buffer(), segment.start());
      sent = write(segment) == segment.length() + Tap.HEADER_LENGTH;
    }
    return sent;
  }
}
