package io.podwire.netstack.vxlan;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import java.nio.ByteBuffer;

/**
 * Datagrams for one peer that leave together: all of one length but the last, which may be shorter,
 * as UDP segmentation offload takes them (Linux's UDP_SEGMENT, udp(7)).
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class TunnelBatch {

  /** The largest UDP payload over either family, as one frame of 64 KiB. */
  static final int CAPACITY = 65_535 - 40 - 8;

  /** What Linux takes at once since 4.18. */
  static final int MAX_DATAGRAMS = 64;

  private final ByteBuffer buffer;
  private final Frame frame;
  private Vtep peer;
  private int bucket;
  private int size;
  private int count;
  private int end = Frame.HEADROOM;
  private boolean closed;

  /** Keeps what it is given in this buffer, which has room for {@link #CAPACITY} and headroom. */
  TunnelBatch(ByteBuffer buffer, Vtep nobody) {
    this.buffer = buffer;
    this.frame = new Frame(buffer);
    this.peer = nobody;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Whether one more datagram can go with those that are here. */
  boolean takes(Vtep to, int flowBucket, int length) {
    return count == 0
        ? length <= CAPACITY
        : !closed
            && length <= size
            && bucket == flowBucket
            && peer == to
            && count < MAX_DATAGRAMS
            && end - Frame.HEADROOM + length <= CAPACITY;
  }

  /** Where in the buffer the next datagram is to be written. */
  int end() {
    return end;
  }

  /** Takes the datagram that was written to {@link #end}. */
  void add(Vtep to, int flowBucket, int length) {
    if (count == 0) {
      peer = to;
      bucket = flowBucket;
      size = length;
    }
    closed = length < size;
    count++;
    end += length;
  }

  Vtep peer() {
    return peer;
  }

  int bucket() {
    return bucket;
  }

  int count() {
    return count;
  }

  int octets() {
    return end - Frame.HEADROOM;
  }

  /** The datagrams as one frame, with their length as segment size where there are several. */
  Frame frame() {
    frame.reset(Frame.HEADROOM, octets());
    if (count > 1) {
      frame.leaveSegmentation(SegmentType.UDP, size);
    }
    return frame;
  }

  void clear() {
    count = 0;
    closed = false;
    end = Frame.HEADROOM;
  }
}
