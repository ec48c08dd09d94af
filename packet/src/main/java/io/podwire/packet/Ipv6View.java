package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * An IPv6 packet (RFC 8200); extension headers are walked to the transport behind them.
 *
 * <p>Without extension headers the walk is one comparison.
 */
public final class Ipv6View extends View {

  public static final int HEADER_LENGTH = 40;

  private static final int VERSION_CLASS_FLOW = 0;
  private static final int PAYLOAD_LENGTH = 4;
  private static final int NEXT_HEADER = 6;
  private static final int HOP_LIMIT = 7;
  private static final int SOURCE = 8;
  private static final int DESTINATION = 24;

  public Ipv6View wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /** Whether header, extension headers and payload are all there. */
  public Defect check() {
    if (!holds(HEADER_LENGTH)) {
      return Defect.TRUNCATED;
    }
    if (version() != 6) {
      return Defect.BAD_VERSION;
    }
    if (HEADER_LENGTH + payloadLength() > length) {
      return Defect.TRUNCATED;
    }
    return transportOffset() < 0 ? Defect.BAD_HEADER_LENGTH : Defect.NONE;
  }

  /**
   * As {@link #check} for a packet quoted by an ICMPv6 error, whose payload may be cut off; the
   * extension headers have to be in the quotation.
   */
  public Defect checkQuoted() {
    if (!holds(HEADER_LENGTH)) {
      return Defect.TRUNCATED;
    }
    if (version() != 6) {
      return Defect.BAD_VERSION;
    }
    return transportOffset() < 0 ? Defect.TRUNCATED : Defect.NONE;
  }

  public int version() {
    return u8(VERSION_CLASS_FLOW) >>> 4;
  }

  public int trafficClass() {
    return (i32(VERSION_CLASS_FLOW) >>> 20) & 0xff;
  }

  public int flowLabel() {
    return i32(VERSION_CLASS_FLOW) & 0xf_ffff;
  }

  /** The octets behind the fixed header, extension headers included. */
  public int payloadLength() {
    return u16(PAYLOAD_LENGTH);
  }

  public int payloadOffset() {
    return offset + HEADER_LENGTH;
  }

  public int nextHeader() {
    return u8(NEXT_HEADER);
  }

  public int hopLimit() {
    return u8(HOP_LIMIT);
  }

  public long sourceHigh() {
    return i64(SOURCE);
  }

  public long sourceLow() {
    return i64(SOURCE + 8);
  }

  public long destinationHigh() {
    return i64(DESTINATION);
  }

  public long destinationLow() {
    return i64(DESTINATION + 8);
  }

  /** The protocol behind all extension headers; of a later fragment, that of its datagram. */
  public int transportProtocol() {
    int next = nextHeader();
    return ExtensionHeaders.isExtension(next)
        ? ExtensionHeaders.protocol(ExtensionHeaders.walk(this))
        : next;
  }

  /** Where in the buffer the transport begins; -1 if an extension header is cut off. */
  public int transportOffset() {
    if (!ExtensionHeaders.isExtension(nextHeader())) {
      return payloadOffset();
    }
    int at = ExtensionHeaders.end(ExtensionHeaders.walk(this));
    return at < 0 ? -1 : offset + at;
  }

  /** The octets from {@link #transportOffset} to the packet's end. */
  public int transportLength() {
    return payloadOffset() + payloadLength() - transportOffset();
  }

  /** Whether there is a fragment header that says more than "whole datagram". */
  public boolean isFragment() {
    return (fragmentWord() & ~ExtensionHeaders.FRAGMENT_RESERVED) != 0;
  }

  /** The place of this fragment in its datagram, in octets. */
  public int fragmentOffset() {
    return fragmentWord() & ExtensionHeaders.FRAGMENT_OFFSET;
  }

  /** Whether a fragment header says that others follow this fragment. */
  public boolean moreFragments() {
    return (fragmentWord() & ExtensionHeaders.MORE_FRAGMENTS) != 0;
  }

  /** The fragment header's identification, 32 raw bits; 0 without such a header. */
  public int fragmentIdentification() {
    int at = ExtensionHeaders.fragmentHeader(this);
    return at < 0 ? 0 : i32(at + ExtensionHeaders.IDENTIFICATION);
  }

  /** Takes one from the hop limit; there is no header checksum to keep up. */
  public Ipv6View decrementHopLimit() {
    put8(HOP_LIMIT, hopLimit() - 1);
    return this;
  }

  /** The pseudo-header's sum for this packet's transport. */
  public long pseudoHeader() {
    return Checksum.pseudoHeader(
        sourceHigh(),
        sourceLow(),
        destinationHigh(),
        destinationLow(),
        transportProtocol(),
        transportLength());
  }

  /** Writes version 6, the traffic class and the flow label. */
  public Ipv6View setTraffic(int trafficClass, int flowLabel) {
    put32(VERSION_CLASS_FLOW, (6 << 28) | (trafficClass << 20) | flowLabel);
    return this;
  }

  public Ipv6View setPayloadLength(int octets) {
    put16(PAYLOAD_LENGTH, octets);
    return this;
  }

  public Ipv6View setNextHeader(int protocol) {
    put8(NEXT_HEADER, protocol);
    return this;
  }

  public Ipv6View setHopLimit(int hops) {
    put8(HOP_LIMIT, hops);
    return this;
  }

  /** Writes the address alone: the transport's checksum is the caller's. */
  public Ipv6View setSource(long high, long low) {
    put64(SOURCE, high);
    put64(SOURCE + 8, low);
    return this;
  }

  /** Writes the address alone: the transport's checksum is the caller's. */
  public Ipv6View setDestination(long high, long low) {
    put64(DESTINATION, high);
    put64(DESTINATION + 8, low);
    return this;
  }

  private int fragmentWord() {
    return ExtensionHeaders.isExtension(nextHeader())
        ? ExtensionHeaders.fragmentWord(ExtensionHeaders.walk(this))
        : 0;
  }
}
