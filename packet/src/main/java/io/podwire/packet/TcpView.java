package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * A TCP segment (RFC 9293), wrapped with exactly the length that the IP header leaves for it.
 *
 * <p>Sequence and acknowledgment numbers are 32 raw bits, to be compared by their difference.
 */
public final class TcpView extends View {

  /** The length of a header without options. */
  public static final int HEADER_LENGTH = 20;

  /** Where the checksum lies in the header. */
  public static final int CHECKSUM_OFFSET = 16;

  private static final int SOURCE_PORT = 0;
  private static final int DESTINATION_PORT = 2;
  private static final int SEQUENCE = 4;
  private static final int ACKNOWLEDGMENT = 8;
  private static final int OFFSET_AND_FLAGS = 12;
  private static final int WINDOW = 14;
  private static final int URGENT_POINTER = 18;

  /** What RFC 792 has an ICMP error quote at least. */
  private static final int QUOTED = 8;

  public TcpView wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /** Whether the header is all there and its flags make sense; {@link #isIntact} sums it. */
  public Defect check() {
    if (!holds(HEADER_LENGTH)) {
      return Defect.TRUNCATED;
    }
    int header = headerLength();
    if (header < HEADER_LENGTH) {
      return Defect.BAD_HEADER_LENGTH;
    }
    if (header > length) {
      return Defect.TRUNCATED;
    }
    return TcpFlags.isValid(flags()) ? Defect.NONE : Defect.BAD_FLAGS;
  }

  /** As {@link #check} for a segment quoted by an ICMP error: ports and sequence are there. */
  public Defect checkQuoted() {
    return holds(QUOTED) ? Defect.NONE : Defect.TRUNCATED;
  }

  public int sourcePort() {
    return u16(SOURCE_PORT);
  }

  public int destinationPort() {
    return u16(DESTINATION_PORT);
  }

  public int sequence() {
    return i32(SEQUENCE);
  }

  public int acknowledgment() {
    return i32(ACKNOWLEDGMENT);
  }

  /** The header's length in octets, options included. */
  public int headerLength() {
    return u8(OFFSET_AND_FLAGS) >>> 4 << 2;
  }

  /** The bits of {@link TcpFlags}. */
  public int flags() {
    return u16(OFFSET_AND_FLAGS) & TcpFlags.ALL;
  }

  /** Whether all these flags are set. */
  public boolean has(int flags) {
    return (u16(OFFSET_AND_FLAGS) & flags) == flags;
  }

  /** The window field, not scaled. */
  public int window() {
    return u16(WINDOW);
  }

  public int checksum() {
    return u16(CHECKSUM_OFFSET);
  }

  public int urgentPointer() {
    return u16(URGENT_POINTER);
  }

  public int optionsOffset() {
    return offset + HEADER_LENGTH;
  }

  public int optionsLength() {
    return headerLength() - HEADER_LENGTH;
  }

  public int payloadOffset() {
    return offset + headerLength();
  }

  public int payloadLength() {
    return length - headerLength();
  }

  /** The sequence numbers that the segment takes: its payload, and one each for SYN and FIN. */
  public int sequenceLength() {
    int flags = flags();
    return payloadLength() + ((flags >>> 1) & 1) + (flags & 1);
  }

  /** The maximum segment size option, or -1. */
  public int maxSegmentSize() {
    int at = optionOffset(TcpOption.MAX_SEGMENT_SIZE, 4);
    return at < 0 ? -1 : buffer.getShort(at + 2) & 0xffff;
  }

  /** The shift of the window scale option (RFC 7323), or -1. */
  public int windowScale() {
    int at = optionOffset(TcpOption.WINDOW_SCALE, 3);
    return at < 0 ? -1 : buffer.get(at + 2) & 0xff;
  }

  public boolean sackPermitted() {
    return optionOffset(TcpOption.SACK_PERMITTED, 2) >= 0;
  }

  public boolean hasTimestamps() {
    return optionOffset(TcpOption.TIMESTAMPS, 10) >= 0;
  }

  /** The sender's timestamp (RFC 7323), 32 raw bits; 0 without the option. */
  public int timestampValue() {
    int at = optionOffset(TcpOption.TIMESTAMPS, 10);
    return at < 0 ? 0 : buffer.getInt(at + 2);
  }

  /** The echoed timestamp (RFC 7323), 32 raw bits; 0 without the option. */
  public int timestampEcho() {
    int at = optionOffset(TcpOption.TIMESTAMPS, 10);
    return at < 0 ? 0 : buffer.getInt(at + 6);
  }

  /**
   * Where in the buffer the first option of this kind and length begins, or -1.
   *
   * <p>A malformed option ends the search, as in Linux: it makes a segment poorer, not invalid.
   */
  public int optionOffset(int kind, int optionLength) {
    int end = payloadOffset();
    for (int at = optionsOffset(); at < end; ) {
      int next = TcpOption.next(buffer, at, end);
      if (next < 0) {
        return -1;
      }
      if ((buffer.get(at) & 0xff) == kind && next - at == optionLength) {
        return at;
      }
      at = next;
    }
    return -1;
  }

  /** Whether the checksum fits; takes {@link Checksum#pseudoHeader}'s sum. */
  public boolean isIntact(long pseudoHeader) {
    return Checksum.isIntact(pseudoHeader + Checksum.sum(buffer, offset, length));
  }

  public TcpView setSourcePort(int port) {
    put16(SOURCE_PORT, port);
    return this;
  }

  public TcpView setDestinationPort(int port) {
    put16(DESTINATION_PORT, port);
    return this;
  }

  public TcpView setSequence(int sequence) {
    put32(SEQUENCE, sequence);
    return this;
  }

  public TcpView setAcknowledgment(int acknowledgment) {
    put32(ACKNOWLEDGMENT, acknowledgment);
    return this;
  }

  /** Writes the header's length in octets, a multiple of 4, and the flags. */
  public TcpView setHeaderLengthAndFlags(int octets, int flags) {
    put16(OFFSET_AND_FLAGS, (octets << 10) | (flags & TcpFlags.ALL));
    return this;
  }

  public TcpView setFlags(int flags) {
    return setHeaderLengthAndFlags(headerLength(), flags);
  }

  public TcpView setWindow(int window) {
    put16(WINDOW, window);
    return this;
  }

  public TcpView setChecksum(int checksum) {
    put16(CHECKSUM_OFFSET, checksum);
    return this;
  }

  public TcpView setUrgentPointer(int pointer) {
    put16(URGENT_POINTER, pointer);
    return this;
  }

  /** Sums the segment, writes its checksum and returns it. */
  public int computeChecksum(long pseudoHeader) {
    put16(CHECKSUM_OFFSET, 0);
    int checksum = Checksum.finish(pseudoHeader + Checksum.sum(buffer, offset, length));
    put16(CHECKSUM_OFFSET, checksum);
    return checksum;
  }
}
