package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * An Ethernet II frame without its frame check sequence (IEEE 802.3).
 *
 * <p>Up to two VLAN tags (802.1Q, 802.1ad) are passed over: {@link #etherType} and {@link
 * #payloadOffset} are those behind the tags.
 */
public final class EthernetView extends View {

  /** The length of a header without tags. */
  public static final int HEADER_LENGTH = 14;

  public static final int TAG_LENGTH = 4;
  public static final int MAX_TAGS = 2;

  private static final int DESTINATION = 0;
  private static final int SOURCE = 6;
  private static final int TYPE = 12;

  public EthernetView wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /** Whether the frame has its whole header, tags included. */
  public Defect check() {
    if (!holds(HEADER_LENGTH)) {
      return Defect.TRUNCATED;
    }
    int at = TYPE;
    for (int tags = 0; tags < MAX_TAGS && isTag(u16(at)); tags++) {
      at += TAG_LENGTH;
      if (length < at + 2) {
        return Defect.TRUNCATED;
      }
    }
    return Defect.NONE;
  }

  public long destination() {
    return mac(DESTINATION);
  }

  public long source() {
    return mac(SOURCE);
  }

  /** The protocol of the payload, behind any VLAN tags. */
  public int etherType() {
    int type = u16(TYPE);
    return isTag(type) ? u16(typeOffset()) : type;
  }

  public boolean isTagged() {
    return isTag(u16(TYPE));
  }

  /** Priority, drop-eligible bit and VLAN number of the outermost tag; 0 without one. */
  public int tagControl() {
    return isTagged() ? u16(TYPE + 2) : 0;
  }

  /** The length of the header with its tags. */
  public int headerLength() {
    return typeOffset() + 2;
  }

  public int payloadOffset() {
    return offset + headerLength();
  }

  public int payloadLength() {
    return length - headerLength();
  }

  public EthernetView setDestination(long mac) {
    putMac(DESTINATION, mac);
    return this;
  }

  public EthernetView setSource(long mac) {
    putMac(SOURCE, mac);
    return this;
  }

  /** Sets the protocol of the payload; tags stay. */
  public EthernetView setEtherType(int etherType) {
    put16(typeOffset(), etherType);
    return this;
  }

  /** Writes a header without tags. */
  public EthernetView set(long destination, long source, int etherType) {
    putMac(DESTINATION, destination);
    putMac(SOURCE, source);
    put16(TYPE, etherType);
    return this;
  }

  static boolean isTag(int etherType) {
    return etherType == EtherType.VLAN || etherType == EtherType.SERVICE_VLAN;
  }

  private int typeOffset() {
    int at = TYPE;
    for (int tags = 0; tags < MAX_TAGS && isTag(u16(at)); tags++) {
      at += TAG_LENGTH;
    }
    return at;
  }
}
