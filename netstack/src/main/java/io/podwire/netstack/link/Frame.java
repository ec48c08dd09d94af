package io.podwire.netstack.link;

import io.podwire.packet.Checksum;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import java.nio.ByteBuffer;

/**
 * An Ethernet frame in a buffer with room before it for headers, and what offloading has left to
 * do, as in a virtio-net header (virtio 1.2, section 5.1.6).
 *
 * <p>A frame may be larger than the MTU while {@link #segmentSize} is set; segmentation happens
 * when it leaves for a link that cannot carry it. Not thread-safe; reused by the node's event loop.
 */
public final class Frame {

  /** Room kept before a received frame: VXLAN and virtio-net headers fit. */
  public static final int HEADROOM = 64;

  private final ByteBuffer buffer;
  private int start;
  private int end;
  private boolean checksumPending;
  private int checksumStart;
  private int checksumOffset;
  private SegmentType segmentType = SegmentType.NONE;
  private int segmentSize;
  private final TcpView tcp = new TcpView();

  /** What a frame larger than the MTU is to be cut into. */
  public enum SegmentType {
    NONE,
    TCP4,
    TCP6,
    UDP
  }

  public Frame(ByteBuffer buffer) {
    this.buffer = buffer;
    this.start = HEADROOM;
    this.end = HEADROOM;
  }

  /** A heap frame of this capacity, for replies and tests. */
  public static Frame allocate(int capacity) {
    return new Frame(ByteBuffer.allocate(HEADROOM + capacity));
  }

  /** A heap copy, for whoever must keep a lent frame. */
  public Frame copy() {
    Frame copy = allocate(length());
    copy.copyFrom(this);
    return copy;
  }

  /** Takes another frame's bytes and offload state. */
  public void copyFrom(Frame other) {
    reset(HEADROOM, other.length());
    buffer.put(start, other.buffer, other.start, other.length());
    checksumPending = other.checksumPending;
    checksumStart = other.checksumStart;
    checksumOffset = other.checksumOffset;
    segmentType = other.segmentType;
    segmentSize = other.segmentSize;
  }

  /** Points at a frame just received, without offload state. */
  public void reset(int start, int length) {
    if (start < 0 || length < 0 || start + length > buffer.capacity()) {
      throw new IndexOutOfBoundsException(
          start + "+" + length + " is outside a buffer of " + buffer.capacity());
    }
    this.start = start;
    this.end = start + length;
    checksumPending = false;
    checksumStart = 0;
    checksumOffset = 0;
    segmentType = SegmentType.NONE;
    segmentSize = 0;
  }

  public ByteBuffer buffer() {
    return buffer;
  }

  /** Offset of the Ethernet header in the buffer. */
  public int start() {
    return start;
  }

  public int end() {
    return end;
  }

  public int length() {
    return end - start;
  }

  /** Drops bytes from the front, as decapsulation does. */
  public void advance(int bytes) {
    start += bytes;
  }

  /** Makes room at the front, as encapsulation does. */
  public void prepend(int bytes) {
    if (bytes > start) {
      throw new IllegalStateException("no headroom for " + bytes + " bytes at " + start);
    }
    start -= bytes;
  }

  /** Cuts the end, as padding is removed. */
  public void truncate(int length) {
    end = start + length;
  }

  /**
   * Leaves a checksum to be completed: the field holds the pseudo-header sum alone.
   *
   * @param checksumStart where summing begins, from the frame's start
   * @param checksumOffset of the field, from {@code checksumStart}
   */
  public void leaveChecksum(int checksumStart, int checksumOffset) {
    this.checksumPending = true;
    this.checksumStart = checksumStart;
    this.checksumOffset = checksumOffset;
  }

  public boolean checksumPending() {
    return checksumPending;
  }

  public int checksumStart() {
    return checksumStart;
  }

  public int checksumOffset() {
    return checksumOffset;
  }

  /** Leaves segmentation to be done. */
  public void leaveSegmentation(SegmentType type, int segmentSize) {
    this.segmentType = type;
    this.segmentSize = segmentSize;
  }

  public SegmentType segmentType() {
    return segmentType;
  }

  /** Payload bytes of each segment; 0 where the frame is a single packet. */
  public int segmentSize() {
    return segmentSize;
  }

  /**
   * Octets that each segment begins with: Ethernet, IP and transport header; the frame's length
   * where its metadata does not fit it.
   */
  public int segmentHeaderLength() {
    int header = checksumStart;
    if (segmentType == SegmentType.UDP) {
      header += UdpView.HEADER_LENGTH;
    } else if (header >= 0 && header + TcpView.HEADER_LENGTH <= length()) {
      header += tcp.wrap(buffer, start + header, length() - header).headerLength();
    }
    return header < 0 || header > length() ? length() : header;
  }

  /** Packets that the frame is on a link: one, or as many as it has segments. */
  public int packets() {
    if (segmentSize == 0) {
      return 1;
    }
    int payload = length() - segmentHeaderLength();
    return Math.max(1, (payload + segmentSize - 1) / segmentSize);
  }

  /** Octets that the frame is on a link, with the headers of every segment. */
  public int wireLength() {
    return segmentSize == 0 ? length() : length() + (packets() - 1) * segmentHeaderLength();
  }

  /** Whether the field of a pending checksum lies inside the frame. */
  public boolean holdsPendingChecksum() {
    return checksumStart >= 0
        && checksumOffset >= 0
        && checksumStart + checksumOffset + Short.BYTES <= length();
  }

  /** Completes a pending checksum in software, for links that cannot. */
  public void completeChecksum() {
    if (!checksumPending) {
      return;
    }
    int from = start + checksumStart;
    Checksum.complete(buffer, from, end, from + checksumOffset);
    checksumPending = false;
  }
}
