package io.podwire.netstack.vxlan;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.packet.ArpView;
import io.podwire.packet.Checksum;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;

/**
 * Recognises what another kernel's VTEP has left to a device that never did it: over virtual links,
 * packets arrive with the pseudo-header's sum in place of the checksum, and unsegmented (Linux's
 * CHECKSUM_PARTIAL and SKB_GSO_UDP_TUNNEL).
 *
 * <p>A packet with a right checksum is never taken for one, and a damaged one only where its field
 * happens to be that very sum: one in 65,536, as often as a checksum misses damage anyway. Not
 * thread-safe; confined to the node's event loop.
 */
final class UnfinishedPacket {

  private final EthernetView ethernet = new EthernetView();
  private final Ipv4View ip = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();
  private final TcpView tcp = new TcpView();
  private final int mtu;

  // The packet looked at last.
  private boolean isIpv4;
  private int protocol;
  private int header;
  private int transport;
  private int length;

  /**
   * Makes segments for this network.
   *
   * @param mtu the largest inner IP packet
   */
  UnfinishedPacket(int mtu) {
    this.mtu = mtu;
  }

  /**
   * Octets of the inner frame that begins here, by its IP or ARP header; 0 where it tells none.
   * What the kernel says of several datagrams of a length it says in the same words of one
   * unsegmented packet, and a part of that must not be taken for a packet of its own.
   */
  int innerLength(Frame inner) {
    if (ethernet.wrap(inner.buffer(), inner.start(), inner.length()).check() != Defect.NONE) {
      return 0;
    }
    int at = inner.start() + EthernetView.HEADER_LENGTH;
    int length = inner.end() - at;
    return switch (ethernet.isTagged() ? EtherType.VLAN : ethernet.etherType()) {
      case EtherType.ARP -> EthernetView.HEADER_LENGTH + ArpView.LENGTH;
      case EtherType.IPV4 ->
          ip.wrap(inner.buffer(), at, length).checkQuoted() == Defect.NONE
              ? EthernetView.HEADER_LENGTH + ip.totalLength()
              : 0;
      case EtherType.IPV6 ->
          length < Ipv6View.HEADER_LENGTH
              ? 0
              : EthernetView.HEADER_LENGTH
                  + Ipv6View.HEADER_LENGTH
                  + ipv6.wrap(inner.buffer(), at, length).payloadLength();
      default -> 0;
    };
  }

  /**
   * Gives a frame back the offload metadata that it was sent with.
   *
   * @param datagramSize octets of each UDP datagram in it, 0 where unknown
   * @return whether there was something to give back
   */
  boolean restore(Frame frame, int datagramSize) {
    if (!readIp(frame)) {
      return false;
    }
    int field =
        switch (protocol) {
          case IpProtocol.TCP -> TcpView.CHECKSUM_OFFSET;
          case IpProtocol.UDP -> UdpView.CHECKSUM_OFFSET;
          default -> -1;
        };
    if (field < 0 || length < field + Short.BYTES) {
      return false;
    }
    long pseudoHeader = isIpv4 ? ip.pseudoHeader() : ipv6.pseudoHeader();
    int found = frame.buffer().getShort(transport + field) & 0xffff;
    boolean isLarge = datagramSize > 0 || header + length > mtu;
    // A packet of the network's size that happens to be right as it is has been finished.
    if (found != Checksum.fold(pseudoHeader)
        || !isLarge
            && Checksum.isIntact(pseudoHeader + Checksum.sum(frame.buffer(), transport, length))) {
      return false;
    }
    frame.leaveChecksum(transport - frame.start(), field);
    if (isLarge) {
      restoreSegments(frame, datagramSize);
    }
    return true;
  }

  private void restoreSegments(Frame frame, int datagramSize) {
    if (protocol == IpProtocol.UDP) {
      if (datagramSize > 0) {
        frame.leaveSegmentation(SegmentType.UDP, datagramSize);
      }
    } else if (tcp.wrap(frame.buffer(), transport, length).check() == Defect.NONE) {
      int size = mtu - header - tcp.headerLength();
      if (size > 0) {
        frame.leaveSegmentation(isIpv4 ? SegmentType.TCP4 : SegmentType.TCP6, size);
      }
    }
  }

  private boolean readIp(Frame frame) {
    int at = frame.start() + EthernetView.HEADER_LENGTH;
    int room = frame.end() - at;
    if (ethernet.wrap(frame.buffer(), frame.start(), frame.length()).check() != Defect.NONE) {
      return false;
    }
    isIpv4 = ethernet.etherType() == EtherType.IPV4;
    if (isIpv4) {
      if (ip.wrap(frame.buffer(), at, room).checkQuoted() != Defect.NONE
          || ip.totalLength() < ip.headerLength()
          || ip.totalLength() > room
          || ip.isFragment()) {
        return false;
      }
      protocol = ip.protocol();
      transport = ip.payloadOffset();
      length = ip.payloadLength();
    } else {
      if (ethernet.etherType() != EtherType.IPV6
          || ipv6.wrap(frame.buffer(), at, room).check() != Defect.NONE
          || ipv6.isFragment()) {
        return false;
      }
      protocol = ipv6.transportProtocol();
      transport = ipv6.transportOffset();
      length = ipv6.transportLength();
    }
    header = transport - at;
    return true;
  }
}
