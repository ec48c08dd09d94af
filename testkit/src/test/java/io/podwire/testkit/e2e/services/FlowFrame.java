package io.podwire.testkit.e2e.services;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;

/** The first packets of connections, and what is seen of those that leave a datapath. */
final class FlowFrame {

  private static final int HOPS = 64;

  /** Type and code (RFC 792; RFC 4443, section 3.1). */
  private static final int ICMP_PORT_UNREACHABLE = 0x0303;

  private static final int ICMPV6_PORT_UNREACHABLE = 0x0104;

  private FlowFrame() {}

  /**
   * What a packet is.
   *
   * @param refusal reject for a reset or an ICMP port unreachable, unreachable for another ICMP
   *     error, or empty
   */
  record Seen(IpAddress source, IpAddress destination, int port, String refusal) {}

  /** A SYN, or a datagram without content. */
  static Frame first(Flow flow, IpAddress source, int port, MacAddress from, MacAddress to) {
    boolean ipv4 = source.isIpv4();
    boolean tcp = flow.protocol() == IpProtocol.TCP;
    int transport = tcp ? TcpView.HEADER_LENGTH : UdpView.HEADER_LENGTH;
    int header = ipv4 ? Ipv4View.HEADER_LENGTH : Ipv6View.HEADER_LENGTH;
    int length = EthernetView.HEADER_LENGTH + header + transport;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView()
        .wrap(frame.buffer(), frame.start(), length)
        .set(to.value(), from.value(), ipv4 ? EtherType.IPV4 : EtherType.IPV6);
    int at = frame.start() + EthernetView.HEADER_LENGTH;
    long pseudoHeader =
        ipv4 ? ipv4(frame, at, transport, source, flow) : ipv6(frame, at, transport, source, flow);
    if (tcp) {
      new TcpView()
          .wrap(frame.buffer(), at + header, transport)
          .setSourcePort(port)
          .setDestinationPort(flow.port())
          .setSequence(1)
          .setAcknowledgment(0)
          .setHeaderLengthAndFlags(transport, TcpFlags.SYN)
          .setWindow(1000)
          .setUrgentPointer(0)
          .computeChecksum(pseudoHeader);
    } else {
      new UdpView()
          .wrap(frame.buffer(), at + header, transport)
          .setSourcePort(port)
          .setDestinationPort(flow.port())
          .setDatagramLength(transport)
          .computeChecksum(pseudoHeader);
    }
    return frame;
  }

  private static long ipv4(Frame frame, int at, int transport, IpAddress source, Flow flow) {
    Ipv4View ip =
        new Ipv4View()
            .wrap(frame.buffer(), at, Ipv4View.HEADER_LENGTH + transport)
            .setHeaderLength(Ipv4View.HEADER_LENGTH)
            .setTotalLength(Ipv4View.HEADER_LENGTH + transport)
            .setFragment(true, false, 0)
            .setTimeToLive(HOPS)
            .setProtocol(flow.protocol())
            .setSource(source.ipv4Bits())
            .setDestination(flow.address().ipv4Bits());
    ip.computeChecksum();
    return ip.pseudoHeader();
  }

  private static long ipv6(Frame frame, int at, int transport, IpAddress source, Flow flow) {
    return new Ipv6View()
        .wrap(frame.buffer(), at, Ipv6View.HEADER_LENGTH + transport)
        .setTraffic(0, 0)
        .setPayloadLength(transport)
        .setNextHeader(flow.protocol())
        .setHopLimit(HOPS)
        .setSource(source.high(), source.low())
        .setDestination(flow.address().high(), flow.address().low())
        .pseudoHeader();
  }

  /** Reads a packet behind so many octets and an Ethernet header. */
  static Seen read(Frame frame, int skipped) {
    int at = frame.start() + skipped + EthernetView.HEADER_LENGTH;
    if (frame.buffer().get(at) >>> 4 == 4) {
      Ipv4View ip = new Ipv4View().wrap(frame.buffer(), at, frame.end() - at);
      return read(
          frame,
          IpAddress.ofIpv4(ip.source()),
          IpAddress.ofIpv4(ip.destination()),
          ip.protocol(),
          ip.payloadOffset());
    }
    Ipv6View ip = new Ipv6View().wrap(frame.buffer(), at, frame.end() - at);
    return read(
        frame,
        new IpAddress(ip.sourceHigh(), ip.sourceLow()),
        new IpAddress(ip.destinationHigh(), ip.destinationLow()),
        ip.nextHeader(),
        ip.payloadOffset());
  }

  private static Seen read(Frame frame, IpAddress from, IpAddress to, int protocol, int at) {
    int port = frame.buffer().getShort(at + 2) & 0xffff;
    return new Seen(from, to, port, refusal(frame, protocol, at));
  }

  private static String refusal(Frame frame, int protocol, int at) {
    int typeAndCode = frame.buffer().getShort(at) & 0xffff;
    return switch (protocol) {
      case IpProtocol.TCP -> {
        int flags = new TcpView().wrap(frame.buffer(), at, frame.end() - at).flags();
        yield (flags & TcpFlags.RST) != 0 ? "reject" : "";
      }
      case IpProtocol.ICMP -> typeAndCode == ICMP_PORT_UNREACHABLE ? "reject" : "unreachable";
      case IpProtocol.ICMPV6 -> typeAndCode == ICMPV6_PORT_UNREACHABLE ? "reject" : "unreachable";
      default -> "";
    };
  }
}
