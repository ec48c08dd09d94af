package io.podwire.netstack.impair;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;

/**
 * What filters and faults look at in a frame: addresses, protocol, ports and the IP packet's
 * length.
 *
 * <p>Read for each frame without allocation. Not thread-safe.
 */
final class PacketHeaders {

  /** In place of a port where the packet has none, or not in this fragment. */
  static final int NONE = -1;

  private static final int PORTS_LENGTH = 4;

  /** Neighbour discovery's ICMPv6 types, RFC 4861, section 4. */
  private static final int ROUTER_SOLICITATION = 133;

  private static final int REDIRECT = 137;

  private final EthernetView ethernet = new EthernetView();
  private final Ipv4View ipv4 = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();

  boolean isIp;
  boolean isNeighbourDiscovery;
  boolean isLaterFragment;
  long sourceHigh;
  long sourceLow;
  long destinationHigh;
  long destinationLow;
  int protocol;
  int sourcePort;
  int destinationPort;

  /** Where the packet begins, from the frame's start. */
  int packetOffset;

  /** Octets of the packet, without the padding behind an IP packet. */
  int packetLength;

  private int ipOffset;

  void read(Frame frame) {
    isIp = false;
    isNeighbourDiscovery = false;
    isLaterFragment = false;
    protocol = NONE;
    sourcePort = NONE;
    destinationPort = NONE;
    ipOffset = frame.end();
    packetLength = 0;
    readPacket(frame);
    packetOffset = ipOffset - frame.start();
  }

  private void readPacket(Frame frame) {
    if (ethernet.wrap(frame.buffer(), frame.start(), frame.length()).check() != Defect.NONE) {
      return;
    }
    ipOffset = ethernet.payloadOffset();
    packetLength = frame.end() - ipOffset;
    switch (ethernet.etherType()) {
      case EtherType.IPV4 -> readIpv4(frame);
      case EtherType.IPV6 -> readIpv6(frame);
      case EtherType.ARP -> isNeighbourDiscovery = true;
      default -> {
        // Neither addresses nor ports: only a filter without conditions takes it.
      }
    }
  }

  private void readIpv4(Frame frame) {
    int room = frame.end() - ipOffset;
    if (ipv4.wrap(frame.buffer(), ipOffset, room).checkQuoted() != Defect.NONE) {
      return;
    }
    isIp = true;
    sourceHigh = 0;
    sourceLow = IpAddress.mapped(ipv4.source());
    destinationHigh = 0;
    destinationLow = IpAddress.mapped(ipv4.destination());
    protocol = ipv4.protocol();
    packetLength = Math.min(room, ipv4.totalLength());
    isLaterFragment = ipv4.fragmentOffset() > 0;
    readPorts(frame, ipv4.payloadOffset());
  }

  private void readIpv6(Frame frame) {
    int room = frame.end() - ipOffset;
    if (ipv6.wrap(frame.buffer(), ipOffset, room).checkQuoted() != Defect.NONE) {
      return;
    }
    isIp = true;
    sourceHigh = ipv6.sourceHigh();
    sourceLow = ipv6.sourceLow();
    destinationHigh = ipv6.destinationHigh();
    destinationLow = ipv6.destinationLow();
    protocol = ipv6.transportProtocol();
    packetLength = Math.min(room, Ipv6View.HEADER_LENGTH + ipv6.payloadLength());
    isLaterFragment = ipv6.fragmentOffset() > 0;
    int transport = ipv6.transportOffset();
    readPorts(frame, transport);
    if (protocol == IpProtocol.ICMPV6 && !isLaterFragment && transport < frame.end()) {
      int type = frame.buffer().get(transport) & 0xff;
      isNeighbourDiscovery = type >= ROUTER_SOLICITATION && type <= REDIRECT;
    }
  }

  private void readPorts(Frame frame, int transport) {
    boolean hasPorts =
        protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP;
    if (hasPorts && !isLaterFragment && transport + PORTS_LENGTH <= frame.end()) {
      sourcePort = frame.buffer().getShort(transport) & 0xffff;
      destinationPort = frame.buffer().getShort(transport + 2) & 0xffff;
    }
  }
}
