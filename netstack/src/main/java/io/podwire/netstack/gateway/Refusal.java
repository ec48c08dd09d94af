package io.podwire.netstack.gateway;

import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IcmpType;
import io.podwire.packet.IcmpView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Builds what a router answers to a packet that it does not pass: ICMP errors (RFC 792, RFC 1812
 * section 4.3.2; RFC 4443) and TCP resets (RFC 9293, section 3.10.7.1).
 *
 * <p>ICMP errors are limited in rate, as Linux limits its own. Not thread-safe; confined to the
 * node's event loop.
 */
final class Refusal {

  /** Why a packet is not passed, as an ICMP error of either family says it. */
  enum Cause {
    NO_ROUTE(
        IcmpType.UNREACHABLE,
        IcmpType.NET_UNREACHABLE,
        Icmpv6Type.UNREACHABLE,
        Icmpv6Type.NO_ROUTE),
    NO_NEIGHBOR(
        IcmpType.UNREACHABLE,
        IcmpType.HOST_UNREACHABLE,
        Icmpv6Type.UNREACHABLE,
        Icmpv6Type.ADDRESS_UNREACHABLE),
    NO_PORT(
        IcmpType.UNREACHABLE,
        IcmpType.PORT_UNREACHABLE,
        Icmpv6Type.UNREACHABLE,
        Icmpv6Type.PORT_UNREACHABLE),
    TOO_BIG(IcmpType.UNREACHABLE, IcmpType.FRAGMENTATION_NEEDED, Icmpv6Type.PACKET_TOO_BIG, 0),
    TOO_MANY_HOPS(IcmpType.TIME_EXCEEDED, IcmpType.IN_TRANSIT, Icmpv6Type.TIME_EXCEEDED, 0);

    private final int type;
    private final int code;
    private final int ipv6Type;
    private final int ipv6Code;

    Cause(int type, int code, int ipv6Type, int ipv6Code) {
      this.type = type;
      this.code = code;
      this.ipv6Type = ipv6Type;
      this.ipv6Code = ipv6Code;
    }
  }

  private static final int TIME_TO_LIVE = 64;

  /** An error quotes as much as fits into 576 octets (RFC 1812, section 4.3.2.3). */
  private static final int MAX_ERROR_LENGTH = 576;

  /** As much as fits into the least MTU of IPv6 (RFC 4443, section 2.4). */
  private static final int MAX_IPV6_ERROR_LENGTH = 1280;

  private static final long ERRORS_PER_SECOND = 1000;
  private static final long BURST = 50;
  private static final long MILLITOKENS = 1000;

  private long millitokens = BURST * MILLITOKENS;
  private long refilledMillis;

  Refusal(long nowMillis) {
    this.refilledMillis = nowMillis;
  }

  /** An ICMP error about a packet from this address, or null where none may be sent. */
  @Nullable Frame icmp(IpAddress source, Packet about, Cause cause, int mtu, long nowMillis) {
    if (!mayBeAnswered(about) || !takeToken(nowMillis)) {
      return null;
    }
    return about.isIpv4() ? icmpv4(source, about, cause, mtu) : icmpv6(source, about, cause, mtu);
  }

  private static Frame icmpv4(IpAddress source, Packet about, Cause cause, int mtu) {
    Ipv4View ip = about.ipv4();
    int quoted =
        Math.min(
            about.length(), MAX_ERROR_LENGTH - Ipv4View.HEADER_LENGTH - IcmpView.HEADER_LENGTH);
    Frame frame =
        ipv4Frame(IpProtocol.ICMP, source.ipv4Bits(), ip.source(), IcmpView.HEADER_LENGTH + quoted);
    int offset = frame.end() - IcmpView.HEADER_LENGTH - quoted;
    IcmpView icmp =
        new IcmpView()
            .wrap(frame.buffer(), offset, IcmpView.HEADER_LENGTH + quoted)
            .setType(cause.type)
            .setCode(cause.code)
            .setRest(0)
            .setNextHopMtu(mtu);
    frame.buffer().put(icmp.bodyOffset(), about.frame().buffer(), ip.offset(), quoted);
    icmp.computeChecksum();
    return frame;
  }

  private static Frame icmpv6(IpAddress source, Packet about, Cause cause, int mtu) {
    Ipv6View ip = about.ipv6();
    int quoted =
        Math.min(
            about.length(),
            MAX_IPV6_ERROR_LENGTH - Ipv6View.HEADER_LENGTH - Icmpv6View.HEADER_LENGTH);
    IpAddress to = new IpAddress(ip.sourceHigh(), ip.sourceLow());
    Frame frame = ipv6Frame(IpProtocol.ICMPV6, source, to, Icmpv6View.HEADER_LENGTH + quoted);
    int offset = frame.end() - Icmpv6View.HEADER_LENGTH - quoted;
    Icmpv6View icmp =
        new Icmpv6View()
            .wrap(frame.buffer(), offset, Icmpv6View.HEADER_LENGTH + quoted)
            .setType(cause.ipv6Type)
            .setCode(cause.ipv6Code)
            .setRest(mtu);
    frame.buffer().put(icmp.bodyOffset(), about.frame().buffer(), ip.offset(), quoted);
    icmp.computeChecksum(ipv6(frame).pseudoHeader());
    return frame;
  }

  /** A reset of the TCP segment, or null where none may be sent. */
  @Nullable Frame reset(Packet about) {
    TcpView segment = about.tcp();
    if (about.isLaterFragment() || segment.has(TcpFlags.RST)) {
      return null;
    }
    Frame frame = about.isIpv4() ? ipv4Reset(about.ipv4()) : ipv6Reset(about.ipv6());
    boolean acknowledged = segment.has(TcpFlags.ACK);
    TcpView reset =
        new TcpView()
            .wrap(frame.buffer(), frame.end() - TcpView.HEADER_LENGTH, TcpView.HEADER_LENGTH)
            .setSourcePort(segment.destinationPort())
            .setDestinationPort(segment.sourcePort())
            .setSequence(acknowledged ? segment.acknowledgment() : 0)
            .setAcknowledgment(acknowledged ? 0 : segment.sequence() + segment.sequenceLength())
            .setHeaderLengthAndFlags(
                TcpView.HEADER_LENGTH, acknowledged ? TcpFlags.RST : TcpFlags.RST | TcpFlags.ACK)
            .setWindow(0)
            .setUrgentPointer(0);
    reset.computeChecksum(about.isIpv4() ? ipv4(frame).pseudoHeader() : ipv6(frame).pseudoHeader());
    return frame;
  }

  private static Frame ipv4Reset(Ipv4View ip) {
    return ipv4Frame(IpProtocol.TCP, ip.destination(), ip.source(), TcpView.HEADER_LENGTH);
  }

  private static Frame ipv6Reset(Ipv6View ip) {
    return ipv6Frame(
        IpProtocol.TCP,
        new IpAddress(ip.destinationHigh(), ip.destinationLow()),
        new IpAddress(ip.sourceHigh(), ip.sourceLow()),
        TcpView.HEADER_LENGTH);
  }

  /** The reply to a whole echo request of either family. */
  static Frame echo(Packet request) {
    return request.isIpv4() ? ipv4Echo(request) : ipv6Echo(request);
  }

  private static Frame ipv4Echo(Packet request) {
    Ipv4View ip = request.ipv4();
    int length = ip.payloadLength();
    Frame frame = ipv4Frame(IpProtocol.ICMP, ip.destination(), ip.source(), length);
    int offset = frame.end() - length;
    frame.buffer().put(offset, request.frame().buffer(), ip.payloadOffset(), length);
    new IcmpView()
        .wrap(frame.buffer(), offset, length)
        .setType(IcmpType.ECHO_REPLY)
        .computeChecksum();
    return frame;
  }

  private static Frame ipv6Echo(Packet request) {
    Ipv6View ip = request.ipv6();
    int length = ip.transportLength();
    Frame frame =
        ipv6Frame(
            IpProtocol.ICMPV6,
            new IpAddress(ip.destinationHigh(), ip.destinationLow()),
            new IpAddress(ip.sourceHigh(), ip.sourceLow()),
            length);
    int offset = frame.end() - length;
    frame.buffer().put(offset, request.frame().buffer(), ip.transportOffset(), length);
    new Icmpv6View()
        .wrap(frame.buffer(), offset, length)
        .setType(Icmpv6Type.ECHO_REPLY)
        .computeChecksum(ipv6(frame).pseudoHeader());
    return frame;
  }

  /** No errors about errors, later fragments, broadcasts or senders without an address. */
  private static boolean mayBeAnswered(Packet about) {
    return !about.isLaterFragment()
        && (about.isIpv4() ? mayBeAnswered(about, about.ipv4()) : mayBeAnswered(about.ipv6()));
  }

  private static boolean mayBeAnswered(Packet about, Ipv4View ip) {
    boolean error =
        ip.protocol() == IpProtocol.ICMP
            && IcmpType.isError(about.frame().buffer().get(ip.payloadOffset()) & 0xff);
    IpAddress from = IpAddress.ofIpv4(ip.source());
    IpAddress to = IpAddress.ofIpv4(ip.destination());
    return !error
        && ip.source() != 0
        && !from.isMulticast()
        && !to.isMulticast()
        && ip.destination() != -1;
  }

  /** RFC 4443, section 2.4 (e). */
  private static boolean mayBeAnswered(Ipv6View ip) {
    int length = ip.transportLength();
    boolean error = false;
    if (ip.transportProtocol() == IpProtocol.ICMPV6 && length > 0) {
      int type = ip.buffer().get(ip.transportOffset()) & 0xff;
      error = Icmpv6Type.isError(type) || type == Icmpv6Type.REDIRECT;
    }
    IpAddress from = new IpAddress(ip.sourceHigh(), ip.sourceLow());
    IpAddress to = new IpAddress(ip.destinationHigh(), ip.destinationLow());
    boolean unspecified = from.high() == 0 && from.low() == 0;
    return !error && !unspecified && !from.isMulticast() && !to.isMulticast();
  }

  private boolean takeToken(long nowMillis) {
    long earned = (nowMillis - refilledMillis) * ERRORS_PER_SECOND * MILLITOKENS / 1000;
    millitokens = Math.min(BURST * MILLITOKENS, millitokens + earned);
    refilledMillis = nowMillis;
    if (millitokens < MILLITOKENS) {
      return false;
    }
    millitokens -= MILLITOKENS;
    return true;
  }

  private static Frame frame(int etherType, int packet) {
    int length = EthernetView.HEADER_LENGTH + packet;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView().wrap(frame.buffer(), frame.start(), length).setEtherType(etherType);
    return frame;
  }

  private static Ipv4View ipv4(Frame frame) {
    int header = EthernetView.HEADER_LENGTH;
    return new Ipv4View().wrap(frame.buffer(), frame.start() + header, frame.length() - header);
  }

  private static Ipv6View ipv6(Frame frame) {
    int header = EthernetView.HEADER_LENGTH;
    return new Ipv6View().wrap(frame.buffer(), frame.start() + header, frame.length() - header);
  }

  private static Frame ipv4Frame(int protocol, int source, int destination, int payload) {
    Frame frame = frame(EtherType.IPV4, Ipv4View.HEADER_LENGTH + payload);
    ipv4(frame)
        .setHeaderLength(Ipv4View.HEADER_LENGTH)
        .setTotalLength(Ipv4View.HEADER_LENGTH + payload)
        .setFragment(true, false, 0)
        .setTimeToLive(TIME_TO_LIVE)
        .setProtocol(protocol)
        .setSource(source)
        .setDestination(destination)
        .computeChecksum();
    return frame;
  }

  private static Frame ipv6Frame(
      int protocol, IpAddress source, IpAddress destination, int payload) {
    Frame frame = frame(EtherType.IPV6, Ipv6View.HEADER_LENGTH + payload);
    ipv6(frame)
        .setTraffic(0, 0)
        .setPayloadLength(payload)
        .setNextHeader(protocol)
        .setHopLimit(TIME_TO_LIVE)
        .setSource(source.high(), source.low())
        .setDestination(destination.high(), destination.low());
    return frame;
  }
}
