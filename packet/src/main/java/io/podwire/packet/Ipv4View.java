package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * An IPv4 packet (RFC 791); options are tolerated and passed over.
 *
 * <p>The window may be longer than the packet, as an Ethernet frame's padding makes it: {@link
 * #payloadLength} comes from the header.
 */
public final class Ipv4View extends View {

  /** The length of a header without options. */
  public static final int HEADER_LENGTH = 20;

  public static final int MAX_HEADER_LENGTH = 60;

  private static final int VERSION_AND_LENGTH = 0;
  private static final int TRAFFIC_CLASS = 1;
  private static final int TOTAL_LENGTH = 2;
  private static final int IDENTIFICATION = 4;
  private static final int FRAGMENT = 6;
  private static final int TIME_TO_LIVE = 8;
  private static final int PROTOCOL = 9;
  private static final int CHECKSUM = 10;
  private static final int SOURCE = 12;
  private static final int DESTINATION = 16;

  private static final int DONT_FRAGMENT = 0x4000;
  private static final int MORE_FRAGMENTS = 0x2000;
  private static final int FRAGMENT_OFFSET = 0x1fff;

  public Ipv4View wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /** Whether header and payload are all there and the header's checksum is right. */
  public Defect check() {
    Defect defect = checkQuoted();
    if (defect != Defect.NONE) {
      return defect;
    }
    int total = totalLength();
    if (total < headerLength()) {
      return Defect.BAD_TOTAL_LENGTH;
    }
    if (total > length) {
      return Defect.TRUNCATED;
    }
    boolean intact = Checksum.isIntact(Checksum.sum(buffer, offset, headerLength()));
    return intact ? Defect.NONE : Defect.BAD_CHECKSUM;
  }

  /**
   * As {@link #check} for a packet quoted by an ICMP error: its payload may be cut off and its
   * checksum may be stale. Every accessor of a header field is safe, {@link #payloadLength} is what
   * the packet had.
   */
  public Defect checkQuoted() {
    if (!holds(HEADER_LENGTH)) {
      return Defect.TRUNCATED;
    }
    if (version() != 4) {
      return Defect.BAD_VERSION;
    }
    int header = headerLength();
    if (header < HEADER_LENGTH) {
      return Defect.BAD_HEADER_LENGTH;
    }
    return header > length ? Defect.TRUNCATED : Defect.NONE;
  }

  public int version() {
    return u8(VERSION_AND_LENGTH) >>> 4;
  }

  /** The header's length in octets, options included. */
  public int headerLength() {
    return (u8(VERSION_AND_LENGTH) & 0xf) << 2;
  }

  public int dscp() {
    return u8(TRAFFIC_CLASS) >>> 2;
  }

  public int ecn() {
    return u8(TRAFFIC_CLASS) & 3;
  }

  public int totalLength() {
    return u16(TOTAL_LENGTH);
  }

  public int identification() {
    return u16(IDENTIFICATION);
  }

  public boolean dontFragment() {
    return (u16(FRAGMENT) & DONT_FRAGMENT) != 0;
  }

  public boolean moreFragments() {
    return (u16(FRAGMENT) & MORE_FRAGMENTS) != 0;
  }

  /** The place of this fragment in its datagram, in octets. */
  public int fragmentOffset() {
    return (u16(FRAGMENT) & FRAGMENT_OFFSET) << 3;
  }

  public boolean isFragment() {
    return (u16(FRAGMENT) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) != 0;
  }

  public int timeToLive() {
    return u8(TIME_TO_LIVE);
  }

  public int protocol() {
    return u8(PROTOCOL);
  }

  public int checksum() {
    return u16(CHECKSUM);
  }

  public int source() {
    return i32(SOURCE);
  }

  public int destination() {
    return i32(DESTINATION);
  }

  public int payloadOffset() {
    return offset + headerLength();
  }

  public int payloadLength() {
    return totalLength() - headerLength();
  }

  /** The pseudo-header's sum for this packet's payload. */
  public long pseudoHeader() {
    return Checksum.pseudoHeader(source(), destination(), protocol(), payloadLength());
  }

  /** Writes version 4 and the header's length in octets, a multiple of 4. */
  public Ipv4View setHeaderLength(int octets) {
    put8(VERSION_AND_LENGTH, (4 << 4) | (octets >>> 2));
    return this;
  }

  public Ipv4View setDscp(int dscp) {
    put8(TRAFFIC_CLASS, (dscp << 2) | ecn());
    return this;
  }

  public Ipv4View setEcn(int ecn) {
    put8(TRAFFIC_CLASS, (u8(TRAFFIC_CLASS) & ~3) | ecn);
    return this;
  }

  public Ipv4View setTotalLength(int octets) {
    put16(TOTAL_LENGTH, octets);
    return this;
  }

  public Ipv4View setIdentification(int identification) {
    put16(IDENTIFICATION, identification);
    return this;
  }

  /** Writes the fragment word; the offset is in octets, a multiple of 8. */
  public Ipv4View setFragment(boolean dontFragment, boolean moreFragments, int fragmentOffset) {
    put16(
        FRAGMENT,
        (dontFragment ? DONT_FRAGMENT : 0)
            | (moreFragments ? MORE_FRAGMENTS : 0)
            | (fragmentOffset >>> 3));
    return this;
  }

  public Ipv4View setTimeToLive(int hops) {
    put8(TIME_TO_LIVE, hops);
    return this;
  }

  public Ipv4View setProtocol(int protocol) {
    put8(PROTOCOL, protocol);
    return this;
  }

  public Ipv4View setChecksum(int checksum) {
    put16(CHECKSUM, checksum);
    return this;
  }

  /** Writes the address alone: the checksums are the caller's. */
  public Ipv4View setSource(int address) {
    put32(SOURCE, address);
    return this;
  }

  /** Writes the address alone: the checksums are the caller's. */
  public Ipv4View setDestination(int address) {
    put32(DESTINATION, address);
    return this;
  }

  /** Takes one hop off a time to live above 0 and updates the checksum (RFC 1624). */
  public Ipv4View decrementTimeToLive() {
    int before = u16(TIME_TO_LIVE);
    int after = before - 0x100;
    put16(TIME_TO_LIVE, after);
    put16(CHECKSUM, Checksum.update(checksum(), before, after));
    return this;
  }

  /** Sums the header, writes its checksum and returns it. */
  public int computeChecksum() {
    put16(CHECKSUM, 0);
    int checksum = Checksum.of(buffer, offset, headerLength());
    put16(CHECKSUM, checksum);
    return checksum;
  }
}
