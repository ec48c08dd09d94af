package io.podwire.netstack.neighbor;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.Defect;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;

/**
 * A neighbour solicitation or advertisement in a frame (RFC 4861, sections 4.3 and 4.4).
 *
 * <p>Not thread-safe; reused for every frame.
 */
public final class DiscoveryView {

  private final EthernetView ethernet = new EthernetView();
  private final Ipv6View ipv6 = new Ipv6View();
  private final Icmpv6View icmp = new Icmpv6View();

  /**
   * Takes an untagged IPv6 frame.
   *
   * @return whether it is one that a node has to regard: whole, intact, and from the link itself
   *     (RFC 4861, sections 7.1.1 and 7.1.2)
   */
  public boolean read(Frame frame) {
    int offset = frame.start() + EthernetView.HEADER_LENGTH;
    if (ipv6.wrap(frame.buffer(), offset, frame.end() - offset).check() != Defect.NONE
        || ipv6.transportProtocol() != IpProtocol.ICMPV6
        || ipv6.hopLimit() != Icmpv6View.DISCOVERY_HOP_LIMIT
        || ipv6.isFragment()) {
      return false;
    }
    int length = ipv6.transportLength();
    if (icmp.wrap(frame.buffer(), ipv6.transportOffset(), length).check() != Defect.NONE
        || !isSolicitation() && !isAdvertisement()
        || IpAddress.isIpv4(icmp.targetHigh(), icmp.targetLow())) {
      return false;
    }
    ethernet.wrap(frame.buffer(), frame.start(), frame.length());
    return icmp.isIntact(ipv6.pseudoHeader());
  }

  public boolean isSolicitation() {
    return icmp.type() == Icmpv6Type.NEIGHBOR_SOLICITATION;
  }

  public boolean isAdvertisement() {
    return icmp.type() == Icmpv6Type.NEIGHBOR_ADVERTISEMENT;
  }

  /** Whether the sender has no address yet: it asks whether somebody else has its own to be. */
  public boolean isFromUnspecified() {
    return ipv6.sourceHigh() == 0 && ipv6.sourceLow() == 0;
  }

  public IpAddress source() {
    return new IpAddress(ipv6.sourceHigh(), ipv6.sourceLow());
  }

  /** Whose MAC address is asked for or told. */
  public IpAddress target() {
    return new IpAddress(icmp.targetHigh(), icmp.targetLow());
  }

  /** Whether this is the target; allocates nothing. */
  public boolean isFor(IpAddress address) {
    return icmp.targetHigh() == address.high() && icmp.targetLow() == address.low();
  }

  /** By the Ethernet header. */
  public long senderMac() {
    return ethernet.source();
  }

  /** The MAC address that the message itself tells: the sender's or the target's; -1 for none. */
  public long linkLayer() {
    return isSolicitation() ? icmp.sourceLinkLayer() : icmp.targetLinkLayer();
  }
}
