package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * An ICMPv6 message (RFC 4443), neighbor discovery included (RFC 4861), wrapped with the length
 * that the IPv6 header leaves for it.
 *
 * <p>Accessors named after a neighbor discovery field mean something in messages of that type
 * alone.
 */
public final class Icmpv6View extends View {

  public static final int HEADER_LENGTH = 8;

  /** Where the checksum lies in the header. */
  public static final int CHECKSUM_OFFSET = 2;

  /** The hop limit that neighbor discovery is sent with and has to arrive with. */
  public static final int DISCOVERY_HOP_LIMIT = 255;

  private static final int TYPE = 0;
  private static final int CODE = 1;
  private static final int REST = 4;
  private static final int IDENTIFIER = 4;
  private static final int SEQUENCE = 6;
  private static final int FLAGS = 4;
  private static final int TARGET = 8;

  private static final int ROUTER = 0x80;
  private static final int SOLICITED = 0x40;
  private static final int OVERRIDE = 0x20;

  public Icmpv6View wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /**
   * Whether the header is whole, and in neighbor discovery the code 0 and the options well formed;
   * {@link #isIntact} sums it.
   */
  public Defect check() {
    if (!holds(HEADER_LENGTH)) {
      return Defect.TRUNCATED;
    }
    int options = optionsStart();
    if (options == 0) {
      return Defect.NONE;
    }
    if (length < options) {
      return Defect.TRUNCATED;
    }
    if (code() != 0) {
      return Defect.BAD_FIELD;
    }
    return NdOption.check(buffer, offset + options, offset + length);
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

  /** The MTU of "packet too big", capped at the largest int. */
  public int mtu() {
    int bits = rest();
    return bits < 0 ? Integer.MAX_VALUE : bits;
  }

  public boolean isError() {
    return Icmpv6Type.isError(type());
  }

  public boolean isEcho() {
    return type() == Icmpv6Type.ECHO_REQUEST || type() == Icmpv6Type.ECHO_REPLY;
  }

  public boolean isDiscovery() {
    return optionsStart() != 0;
  }

  /** Where an echo's data or an error's quoted packet begins. */
  public int bodyOffset() {
    return offset + HEADER_LENGTH;
  }

  public int bodyLength() {
    return length - HEADER_LENGTH;
  }

  /** The target's first half, of a neighbor solicitation or advertisement or a redirect. */
  public long targetHigh() {
    return hasTarget() ? i64(TARGET) : 0;
  }

  /** The target's second half. */
  public long targetLow() {
    return hasTarget() ? i64(TARGET + 8) : 0;
  }

  /** The R flag of a neighbor advertisement. */
  public boolean isFromRouter() {
    return (u8(FLAGS) & ROUTER) != 0;
  }

  /** The S flag of a neighbor advertisement. */
  public boolean isSolicited() {
    return (u8(FLAGS) & SOLICITED) != 0;
  }

  /** The O flag of a neighbor advertisement. */
  public boolean isOverride() {
    return (u8(FLAGS) & OVERRIDE) != 0;
  }

  /** The MAC in the source link-layer address option, or -1. */
  public long sourceLinkLayer() {
    return linkLayer(NdOption.SOURCE_LINK_LAYER);
  }

  /** The MAC in the target link-layer address option, or -1. */
  public long targetLinkLayer() {
    return linkLayer(NdOption.TARGET_LINK_LAYER);
  }

  /** Where in the buffer the options of a neighbor discovery message begin. */
  public int optionsOffset() {
    return offset + optionsStart();
  }

  /** Where in the buffer the first option of this type begins, or -1. */
  public int optionOffset(int optionType) {
    return isDiscovery() ? NdOption.find(buffer, optionsOffset(), offset + length, optionType) : -1;
  }

  /** Whether the checksum fits; takes {@link Checksum#pseudoHeader}'s sum. */
  public boolean isIntact(long pseudoHeader) {
    return Checksum.isIntact(pseudoHeader + Checksum.sum(buffer, offset, length));
  }

  public Icmpv6View setType(int type) {
    put8(TYPE, type);
    return this;
  }

  public Icmpv6View setCode(int code) {
    put8(CODE, code);
    return this;
  }

  public Icmpv6View setChecksum(int checksum) {
    put16(CHECKSUM_OFFSET, checksum);
    return this;
  }

  public Icmpv6View setRest(int bits) {
    put32(REST, bits);
    return this;
  }

  public Icmpv6View setIdentifier(int identifier) {
    put16(IDENTIFIER, identifier);
    return this;
  }

  public Icmpv6View setSequence(int sequence) {
    put16(SEQUENCE, sequence);
    return this;
  }

  /** Writes the flags of a neighbor advertisement and zeros behind them. */
  public Icmpv6View setAdvertisement(boolean fromRouter, boolean solicited, boolean override) {
    int flags = (fromRouter ? ROUTER : 0) | (solicited ? SOLICITED : 0) | (override ? OVERRIDE : 0);
    return setRest(flags << 24);
  }

  public Icmpv6View setTarget(long high, long low) {
    put64(TARGET, high);
    put64(TARGET + 8, low);
    return this;
  }

  /** Sums the message, writes its checksum and returns it. */
  public int computeChecksum(long pseudoHeader) {
    put16(CHECKSUM_OFFSET, 0);
    int checksum = Checksum.finish(pseudoHeader + Checksum.sum(buffer, offset, length));
    put16(CHECKSUM_OFFSET, checksum);
    return checksum;
  }

  private boolean hasTarget() {
    return optionsStart() >= TARGET + 16;
  }

  private long linkLayer(int optionType) {
    int at = optionOffset(optionType);
    return at < 0 || (buffer.get(at + 1) & 0xff) != 1 ? -1 : mac(at + 2 - offset);
  }

  /** How far behind the header's start the options begin; 0 outside neighbor discovery. */
  private int optionsStart() {
    return switch (type()) {
      case Icmpv6Type.ROUTER_SOLICITATION -> 8;
      case Icmpv6Type.ROUTER_ADVERTISEMENT -> 16;
      case Icmpv6Type.NEIGHBOR_SOLICITATION, Icmpv6Type.NEIGHBOR_ADVERTISEMENT -> 24;
      case Icmpv6Type.REDIRECT -> 40;
      default -> 0;
    };
  }
}
