package io.podwire.netstack.gateway;

import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IcmpType;
import io.podwire.packet.IcmpView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Builds what a router answers to a packet that it does not pass: ICMP errors (RFC 792, RFC 1812
 * section 4.3.2) and TCP resets (RFC 9293, section 3.10.7.1).
 *
 * <p>ICMP errors are limited in rate, as Linux limits its own. Not thread-safe; confined to the
 * node's event loop.
 */
final class Refusal {

  private static final int TIME_TO_LIVE = 64;

  /** An error quotes as much as fits into 576 octets (RFC 1812, section 4.3.2.3). */
  private static final int MAX_ERROR_LENGTH = 576;

  private static final long ERRORS_PER_SECOND = 1000;
  private static final long BURST = 50;
  private static final long MILLITOKENS = 1000;

  private long millitokens = BURST * MILLITOKENS;
  private long refilledMillis;

  Refusal(long nowMillis) {
    this.refilledMillis = nowMillis;
  }

  /** An ICMP error about a packet from this address, or null where none may be sent. */
  @Nullable Frame icmp(
      IpAddress source, Packet about, int type, int code, int mtu, long nowMillis) {
    Ipv4View ip = about.ipv4();
    if (!mayBeAnswered(about) || !takeToken(nowMillis)) {
      return null;
    }
    int quoted =
        Math.min(
            ip.totalLength(), MAX_ERROR_LENGTH - Ipv4View.HEADER_LENGTH - IcmpView.HEADER_LENGTH);
    Frame frame =
        ipv4Frame(IpProtocol.ICMP, source.ipv4Bits(), ip.source(), IcmpView.HEADER_LENGTH + quoted);
    int offset = frame.end() - IcmpView.HEADER_LENGTH - quoted;
    IcmpView icmp =
        new IcmpView()
            .wrap(frame.buffer(), offset, IcmpView.HEADER_LENGTH + quoted)
            .setType(type)
            .setCode(code)
            .setRest(0)
            .setNextHopMtu(mtu);
    frame.buffer().put(icmp.bodyOffset(), about.frame().buffer(), ip.offset(), quoted);
    icmp.computeChecksum();
    return frame;
  }

  /** A reset of the TCP segment, or null where none may be sent. */
  @Nullable Frame reset(Packet about) {
    Ipv4View ip = about.ipv4();
    TcpView segment = about.tcp();
    if (segment.has(TcpFlags.RST) || ip.fragmentOffset() > 0) {
      return null;
    }
    Frame frame = ipv4Frame(IpProtocol.TCP, ip.destination(), ip.source(), TcpView.HEADER_LENGTH);
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
    Ipv4View header =
        new Ipv4View()
            .wrap(
                frame.buffer(),
                frame.start() + EthernetView.HEADER_LENGTH,
                frame.length() - EthernetView.HEADER_LENGTH);
    reset.computeChecksum(header.pseudoHeader());
    return frame;
  }

  /** The reply to a whole echo request. */
  static Frame echo(Packet request) {
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

  /** No errors about errors, later fragments, broadcasts or senders without an address. */
  private static boolean mayBeAnswered(Packet about) {
    Ipv4View ip = about.ipv4();
    boolean error =
        ip.protocol() == IpProtocol.ICMP
            && ip.fragmentOffset() == 0
            && IcmpType.isError(about.frame().buffer().get(ip.payloadOffset()) & 0xff);
    IpAddress from = IpAddress.ofIpv4(ip.source());
    IpAddress to = IpAddress.ofIpv4(ip.destination());
    return !error
        && ip.fragmentOffset() == 0
        && ip.source() != 0
        && !from.isMulticast()
        && !to.isMulticast()
        && ip.destination() != -1;
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

  private static Frame ipv4Frame(int protocol, int source, int destination, int payload) {
    int length = EthernetView.HEADER_LENGTH + Ipv4View.HEADER_LENGTH + payload;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView().wrap(frame.buffer(), frame.start(), length).setEtherType(EtherType.IPV4);
    new Ipv4View()
        .wrap(
            frame.buffer(),
            frame.start() + EthernetView.HEADER_LENGTH,
            length - EthernetView.HEADER_LENGTH)
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
}
