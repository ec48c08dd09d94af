package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * An ICMP message for IPv4 (RFC 792, RFC 1191), wrapped with the length the IP header leaves it.
 *
 * <p>The four octets behind the checksum mean different things by type: identifier and sequence of
 * an echo, next-hop MTU of "fragmentation needed".
 */
public final class IcmpView extends View {

  public static final int HEADER_LENGTH = 8;

  /** Where the checksum lies in the header. */
  public static final int CHECKSUM_OFFSET = 2;

  private static final int TYPE = 0;
  private static final int CODE = 1;
  private static final int REST = 4;
  private static final int IDENTIFIER = 4;
  private static final int SEQUENCE = 6;
  private static final int NEXT_HOP_MTU = 6;

  public IcmpView wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /** Whether the header is whole and the checksum over the message right. */
  public Defect check() {
    Defect defect = checkQuoted();
    if (defect != Defect.NONE) {
      return defect;
    }
    boolean intact = Checksum.isIntact(Checksum.sum(buffer, offset, length));
    return intact ? Defect.NONE : Defect.BAD_CHECKSUM;
  }

  /** As {@link #check} for a message quoted by another one: its header is there. */
  public Defect checkQuoted() {
    return holds(HEADER_LENGTH) ? Defect.NONE : Defect.TRUNCATED;
  }

  public int type() {
    return u8(TYPE);
  }

  public int code() {
    return u8(CODE);
  }

  public int checksum() {
    return u16(CHECKSUM_OFFSET);
  }

  /** The four octets behind the checksum, raw. */
  public int rest() {
    return i32(REST);
  }

  public int identifier() {
    return u16(IDENTIFIER);
  }

  public int sequence() {
    return u16(SEQUENCE);
  }

  /** The next hop's MTU in "fragmentation needed"; 0 from routers older than RFC 1191. */
  public int nextHopMtu() {
    return u16(NEXT_HOP_MTU);
  }

  public boolean isError() {
    return IcmpType.isError(type());
  }

  public boolean isEcho() {
    return type() == IcmpType.ECHO_REQUEST || type() == IcmpType.ECHO_REPLY;
  }

  /** Where an echo's data or an error's quoted packet begins. */
  public int bodyOffset() {
    return offset + HEADER_LENGTH;
  }

  public int bodyLength() {
    return length - HEADER_LENGTH;
  }

  public IcmpView setType(int type) {
    put8(TYPE, type);
    return this;
  }

  public IcmpView setCode(int code) {
    put8(CODE, code);
    return this;
  }

  public IcmpView setChecksum(int checksum) {
    put16(CHECKSUM_OFFSET, checksum);
    return this;
  }

  public IcmpView setRest(int bits) {
    put32(REST, bits);
    return this;
  }

  public IcmpView setIdentifier(int identifier) {
    put16(IDENTIFIER, identifier);
    return this;
  }

  public IcmpView setSequence(int sequence) {
    put16(SEQUENCE, sequence);
    return this;
  }

  public IcmpView setNextHopMtu(int octets) {
    put16(NEXT_HOP_MTU, octets);
    return this;
  }

  /** Sums the message, writes its checksum and returns it. */
  public int computeChecksum() {
    put16(CHECKSUM_OFFSET, 0);
    int checksum = Checksum.of(buffer, offset, length);
    put16(CHECKSUM_OFFSET, checksum);
    return checksum;
  }
}
