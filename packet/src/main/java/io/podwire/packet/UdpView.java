package io.podwire.packet;

import java.nio.ByteBuffer;

/** A UDP datagram (RFC 768), wrapped with the length that the IP header leaves for it. */
public final class UdpView extends View {

  public static final int HEADER_LENGTH = 8;

  /** Where the checksum lies in the header. */
  public static final int CHECKSUM_OFFSET = 6;

  private static final int SOURCE_PORT = 0;
  private static final int DESTINATION_PORT = 2;
  private static final int LENGTH = 4;

  public UdpView wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /** Whether header and payload are all there; see {@link #isIntact} for the checksum. */
  public Defect check() {
    if (!holds(HEADER_LENGTH)) {
      return Defect.TRUNCATED;
    }
    if (datagramLength() < HEADER_LENGTH) {
      return Defect.BAD_TOTAL_LENGTH;
    }
    return datagramLength() > length ? Defect.TRUNCATED : Defect.NONE;
  }

  /** As {@link #check} for a datagram quoted by an ICMP error: its header is there. */
  public Defect checkQuoted() {
    return holds(HEADER_LENGTH) ? Defect.NONE : Defect.TRUNCATED;
  }

  public int sourcePort() {
    return u16(SOURCE_PORT);
  }

  public int destinationPort() {
    return u16(DESTINATION_PORT);
  }

  /** The header's length field: header and payload in octets. */
  public int datagramLength() {
    return u16(LENGTH);
  }

  /** The checksum field; 0 means that the sender computed none. */
  public int checksum() {
    return u16(CHECKSUM_OFFSET);
  }

  public int payloadOffset() {
    return offset + HEADER_LENGTH;
  }

  public int payloadLength() {
    return datagramLength() - HEADER_LENGTH;
  }

  /** Whether the checksum fits, or is absent; takes {@link Checksum#pseudoHeader}'s sum. */
  public boolean isIntact(long pseudoHeader) {
    return checksum() == 0
        || Checksum.isIntact(pseudoHeader + Checksum.sum(buffer, offset, datagramLength()));
  }

  public UdpView setSourcePort(int port) {
    put16(SOURCE_PORT, port);
    return this;
  }

  public UdpView setDestinationPort(int port) {
    put16(DESTINATION_PORT, port);
    return this;
  }

  public UdpView setDatagramLength(int octets) {
    put16(LENGTH, octets);
    return this;
  }

  public UdpView setChecksum(int checksum) {
    put16(CHECKSUM_OFFSET, checksum);
    return this;
  }

  /** Sums the datagram, writes its checksum (0 as 0xffff) and returns it. */
  public int computeChecksum(long pseudoHeader) {
    put16(CHECKSUM_OFFSET, 0);
    int checksum = Checksum.finish(pseudoHeader + Checksum.sum(buffer, offset, datagramLength()));
    checksum = checksum == 0 ? 0xffff : checksum;
    put16(CHECKSUM_OFFSET, checksum);
    return checksum;
  }
}
