package io.podwire.agent.tunnel;

import io.podwire.linux.Tap;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import java.nio.ByteBuffer;

/**
 * Translates between {@code struct virtio_net_hdr} (virtio 1.2, section 5.1.6; little-endian) and a
 * frame's offload metadata.
 */
final class VirtioNetHeader {

  private static final int FLAGS = 0;
  private static final int SEGMENT_TYPE = 1;
  private static final int HEADER_LENGTH = 2;
  private static final int SEGMENT_SIZE = 4;
  private static final int CHECKSUM_START = 6;
  private static final int CHECKSUM_OFFSET = 8;

  private static final int NEEDS_CHECKSUM = 1;
  private static final int TCP4 = 1;
  private static final int TCP6 = 4;
  private static final int UDP = 5;
  private static final int TYPE_MASK = 0x7f;

  private VirtioNetHeader() {}

  /** Reads the header that lies before a frame just received. */
  static void read(Frame frame) {
    ByteBuffer buffer = frame.buffer();
    int at = frame.start() - Tap.HEADER_LENGTH;
    if ((buffer.get(at + FLAGS) & NEEDS_CHECKSUM) != 0) {
      frame.leaveChecksum(u16(buffer, at + CHECKSUM_START), u16(buffer, at + CHECKSUM_OFFSET));
    }
    SegmentType type =
        switch (buffer.get(at + SEGMENT_TYPE) & TYPE_MASK) {
          case TCP4 -> SegmentType.TCP4;
          case TCP6 -> SegmentType.TCP6;
          case UDP -> SegmentType.UDP;
          default -> SegmentType.NONE;
        };
    int size = u16(buffer, at + SEGMENT_SIZE);
    if (type != SegmentType.NONE && size > 0) {
      frame.leaveSegmentation(type, size);
    }
  }

  /** Writes the header into the room before a frame. */
  static void write(Frame frame, ByteBuffer buffer, int at) {
    buffer.put(at + FLAGS, (byte) (frame.checksumPending() ? NEEDS_CHECKSUM : 0));
    buffer.put(
        at + SEGMENT_TYPE,
        (byte)
            switch (frame.segmentType()) {
              case NONE -> 0;
              case TCP4 -> TCP4;
              case TCP6 -> TCP6;
              case UDP -> UDP;
            });
    put(buffer, at + HEADER_LENGTH, frame.segmentSize() == 0 ? 0 : frame.checksumStart());
    put(buffer, at + SEGMENT_SIZE, frame.segmentSize());
    put(buffer, at + CHECKSUM_START, frame.checksumPending() ? frame.checksumStart() : 0);
    put(buffer, at + CHECKSUM_OFFSET, frame.checksumPending() ? frame.checksumOffset() : 0);
  }

  private static int u16(ByteBuffer buffer, int at) {
    return Short.reverseBytes(buffer.getShort(at)) & 0xffff;
  }

  private static void put(ByteBuffer buffer, int at, int value) {
    buffer.putShort(at, Short.reverseBytes((short) value));
  }
}
