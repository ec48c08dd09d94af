package io.podwire.packet;

import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The header of an Ethernet II frame, as a value.
 *
 * @param tags its VLAN tags, the outermost first; at most {@link EthernetView#MAX_TAGS}
 * @param etherType the payload's protocol, behind the tags
 */
public record EthernetHeader(
    MacAddress destination, MacAddress source, List<VlanTag> tags, int etherType) {

  /**
   * One VLAN tag.
   *
   * @param protocol {@link EtherType#VLAN} or {@link EtherType#SERVICE_VLAN}
   * @param control priority (3 bits), drop-eligible (1), VLAN number (12)
   */
  public record VlanTag(int protocol, int control) {
    public VlanTag {
      if (!EthernetView.isTag(protocol)) {
        throw new IllegalArgumentException(
            "protocol of a VLAN tag must be 0x8100 or 0x88a8, got 0x"
                + Integer.toHexString(protocol));
      }
      FieldRange.require("VLAN tag control", control, 16);
    }
  }

  public EthernetHeader {
    tags = List.copyOf(tags);
    FieldRange.require("EtherType", etherType, 16);
    if (tags.size() > EthernetView.MAX_TAGS) {
      throw new IllegalArgumentException(
          "a frame has at most " + EthernetView.MAX_TAGS + " VLAN tags, got " + tags.size());
    }
  }

  public EthernetHeader(MacAddress destination, MacAddress source, int etherType) {
    this(destination, source, List.of(), etherType);
  }

  /** Takes the values out of a checked view. */
  public static EthernetHeader parse(EthernetView view) {
    List<VlanTag> tags = new ArrayList<>();
    int typeAt = view.headerLength() - 2;
    for (int at = EthernetView.HEADER_LENGTH - 2; at < typeAt; at += EthernetView.TAG_LENGTH) {
      tags.add(new VlanTag(view.u16(at), view.u16(at + 2)));
    }
    return new EthernetHeader(
        new MacAddress(view.destination()), new MacAddress(view.source()), tags, view.etherType());
  }

  public int length() {
    return EthernetView.HEADER_LENGTH + tags.size() * EthernetView.TAG_LENGTH;
  }

  /** Writes the header and returns its length. */
  public int emit(ByteBuffer buffer, int offset) {
    EthernetView view = new EthernetView().wrap(buffer, offset, length());
    view.setDestination(destination.value()).setSource(source.value());
    int at = EthernetView.HEADER_LENGTH - 2;
    for (VlanTag tag : tags) {
      view.put16(at, tag.protocol);
      view.put16(at + 2, tag.control);
      at += EthernetView.TAG_LENGTH;
    }
    view.put16(at, etherType);
    return length();
  }
}
