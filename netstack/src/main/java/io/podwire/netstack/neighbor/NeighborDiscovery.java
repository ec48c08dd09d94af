package io.podwire.netstack.neighbor;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.NdOption;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's answers to neighbour solicitations for its own IPv6 address (RFC 4861, section
 * 7.2.4).
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class NeighborDiscovery {

  private static final long LINK_LOCAL = 0xfe80L << 48;
  private static final long UNIVERSAL_BIT = 0x02_0000L;
  private static final long EUI_64_MIDDLE = 0xfffeL;
  private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
  private static final long ALL_NODES_MAC = 0x3333_0000_0001L;

  private final IpAddress address;
  private final MacAddress mac;
  private final EthernetView ethernet = new EthernetView();
  private final Ipv6View ipv6 = new Ipv6View();
  private final Icmpv6View icmp = new Icmpv6View();

  public NeighborDiscovery(IpAddress address, MacAddress mac) {
    this.address = address;
    this.mac = mac;
  }

  /** For the address that a link derives from its MAC (RFC 4291, section 2.5.1 and appendix A). */
  public static NeighborDiscovery linkLocal(MacAddress mac) {
    long upper = mac.value() >>> 24 ^ UNIVERSAL_BIT;
    long interfaceId = upper << 40 | EUI_64_MIDDLE << 24 | mac.value() & 0xff_ffffL;
    return new NeighborDiscovery(new IpAddress(LINK_LOCAL, interfaceId), mac);
  }

  /** The advertisement that answers an IPv6 frame, or null where it asks for something else. */
  public @Nullable Frame answer(Frame question) {
    ethernet.wrap(question.buffer(), question.start(), question.length());
    if (ipv6.wrap(question.buffer(), ethernet.payloadOffset(), ethernet.payloadLength()).check()
            != Defect.NONE
        || ipv6.transportProtocol() != IpProtocol.ICMPV6
        || ipv6.hopLimit() != Icmpv6View.DISCOVERY_HOP_LIMIT) {
      return null;
    }
    int transport = ipv6.transportOffset();
    int length = ipv6.transportLength();
    if (icmp.wrap(question.buffer(), transport, length).check() != Defect.NONE
        || icmp.type() != Icmpv6Type.NEIGHBOR_SOLICITATION
        || icmp.targetHigh() != address.high()
        || icmp.targetLow() != address.low()
        || !icmp.isIntact(ipv6.pseudoHeader())) {
      return null;
    }
    if (ipv6.sourceHigh() == 0 && ipv6.sourceLow() == 0) {
      // Somebody is about to take the address: everyone is told (RFC 4861, section 7.2.4).
      return advertisement(ALL_NODES.high(), ALL_NODES.low(), ALL_NODES_MAC, false);
    }
    return advertisement(ipv6.sourceHigh(), ipv6.sourceLow(), ethernet.source(), true);
  }

  private Frame advertisement(long toHigh, long toLow, long toMac, boolean solicited) {
    NdOption option = new NdOption.LinkLayerAddress(NdOption.TARGET_LINK_LAYER, mac);
    int message = Icmpv6View.HEADER_LENGTH + 16 + option.length();
    int length = EthernetView.HEADER_LENGTH + Ipv6View.HEADER_LENGTH + message;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView()
        .wrap(frame.buffer(), frame.start(), length)
        .set(toMac, mac.value(), EtherType.IPV6);
    int offset = frame.start() + EthernetView.HEADER_LENGTH;
    Ipv6View ip =
        new Ipv6View()
            .wrap(frame.buffer(), offset, length - EthernetView.HEADER_LENGTH)
            .setTraffic(0, 0)
            .setPayloadLength(message)
            .setNextHeader(IpProtocol.ICMPV6)
            .setHopLimit(Icmpv6View.DISCOVERY_HOP_LIMIT)
            .setSource(address.high(), address.low())
            .setDestination(toHigh, toLow);
    Icmpv6View advertisement =
        new Icmpv6View()
            .wrap(frame.buffer(), offset + Ipv6View.HEADER_LENGTH, message)
            .setType(Icmpv6Type.NEIGHBOR_ADVERTISEMENT)
            .setCode(0)
            .setAdvertisement(true, solicited, true)
            .setTarget(address.high(), address.low());
    option.emit(frame.buffer(), offset + Ipv6View.HEADER_LENGTH + Icmpv6View.HEADER_LENGTH + 16);
    advertisement.computeChecksum(ip.pseudoHeader());
    return frame;
  }
}
