package io.podwire.netstack.neighbor;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.NdOption;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;

/** Builds neighbour solicitations and advertisements (RFC 4861, sections 4.3 and 4.4). */
public final class DiscoveryFrames {

  static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
  static final long ALL_NODES_MAC = 0x3333_0000_0001L;

  private static final long LINK_LOCAL = 0xfe80L << 48;
  private static final long UNIVERSAL_BIT = 0x02_0000L;
  private static final long EUI_64_MIDDLE = 0xfffeL;

  // The solicited-node multicast address, whose last 24 bits are the target's (RFC 4291, 2.7.1).
  private static final long SOLICITED_NODE_HIGH = 0xff02L << 48;
  private static final long SOLICITED_NODE_LOW = 0x0000_0001_ff00_0000L;
  private static final long SOLICITED_NODE_MAC = 0x3333_ff00_0000L;
  private static final long LAST_24_BITS = 0xff_ffffL;

  /** Checksum, flags and target: what lies before the options. */
  private static final int FIXED = Icmpv6View.HEADER_LENGTH + 16;

  private DiscoveryFrames() {}

  /** The address that a link derives from its MAC (RFC 4291, section 2.5.1 and appendix A). */
  public static IpAddress linkLocal(MacAddress mac) {
    long upper = mac.value() >>> 24 ^ UNIVERSAL_BIT;
    return new IpAddress(
        LINK_LOCAL, upper << 40 | EUI_64_MIDDLE << 24 | mac.value() & LAST_24_BITS);
  }

  /** A multicast question for an IPv6 address. */
  public static Frame solicitation(MacAddress sender, IpAddress senderIp, IpAddress target) {
    long last = target.low() & LAST_24_BITS;
    return frame(
        new NdOption.LinkLayerAddress(NdOption.SOURCE_LINK_LAYER, sender),
        Icmpv6Type.NEIGHBOR_SOLICITATION,
        sender.value(),
        senderIp,
        SOLICITED_NODE_MAC | last,
        solicitedNode(target),
        target,
        false);
  }

  /**
   * The answer to a question: {@code owner}, a router, has what was asked for. Where the sender was
   * about to take the address, everyone is told (RFC 4861, section 7.2.4).
   */
  public static Frame advertisement(DiscoveryView question, MacAddress owner) {
    boolean solicited = !question.isFromUnspecified();
    IpAddress target = question.target();
    return frame(
        new NdOption.LinkLayerAddress(NdOption.TARGET_LINK_LAYER, owner),
        Icmpv6Type.NEIGHBOR_ADVERTISEMENT,
        owner.value(),
        target,
        solicited ? question.senderMac() : ALL_NODES_MAC,
        solicited ? question.source() : ALL_NODES,
        target,
        solicited);
  }

  /**
   * Tells everyone unasked that {@code owner}, a router, has an address now (RFC 4861, section
   * 7.2.6).
   */
  public static Frame announcement(MacAddress owner, IpAddress address) {
    return frame(
        new NdOption.LinkLayerAddress(NdOption.TARGET_LINK_LAYER, owner),
        Icmpv6Type.NEIGHBOR_ADVERTISEMENT,
        owner.value(),
        address,
        ALL_NODES_MAC,
        ALL_NODES,
        address,
        false);
  }

  /** The multicast group in which an address is asked for (RFC 4291, section 2.7.1). */
  public static IpAddress solicitedNode(IpAddress address) {
    return new IpAddress(SOLICITED_NODE_HIGH, SOLICITED_NODE_LOW | address.low() & LAST_24_BITS);
  }

  private static Frame frame(
      NdOption option,
      int type,
      long fromMac,
      IpAddress from,
      long toMac,
      IpAddress to,
      IpAddress target,
      boolean solicited) {
    int message = FIXED + option.length();
    int length = EthernetView.HEADER_LENGTH + Ipv6View.HEADER_LENGTH + message;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView()
        .wrap(frame.buffer(), frame.start(), length)
        .set(toMac, fromMac, EtherType.IPV6);
    int offset = frame.start() + EthernetView.HEADER_LENGTH;
    Ipv6View ip =
        new Ipv6View()
            .wrap(frame.buffer(), offset, length - EthernetView.HEADER_LENGTH)
            .setTraffic(0, 0)
            .setPayloadLength(message)
            .setNextHeader(IpProtocol.ICMPV6)
            .setHopLimit(Icmpv6View.DISCOVERY_HOP_LIMIT)
            .setSource(from.high(), from.low())
            .setDestination(to.high(), to.low());
    Icmpv6View icmp =
        new Icmpv6View()
            .wrap(frame.buffer(), offset + Ipv6View.HEADER_LENGTH, message)
            .setType(type)
            .setCode(0)
            .setTarget(target.high(), target.low());
    if (type == Icmpv6Type.NEIGHBOR_ADVERTISEMENT) {
      icmp.setAdvertisement(true, solicited, true);
    } else {
      icmp.setRest(0);
    }
    option.emit(frame.buffer(), offset + Ipv6View.HEADER_LENGTH + FIXED);
    icmp.computeChecksum(ip.pseudoHeader());
    return frame;
  }
}
