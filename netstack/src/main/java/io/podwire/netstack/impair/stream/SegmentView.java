package io.podwire.netstack.impair.stream;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import io.podwire.packet.addr.IpAddress;

/** What is read of a frame that carries a TCP segment (RFC 9293). Not thread-safe; reused. */
final class SegmentView {
  private final EthernetView ethernet = new EthernetView();
  private final Ipv4View ipv4 = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();
  private final TcpView tcp = new TcpView();

  boolean isIpv4;
  long sourceMac;
  long destinationMac;
  long sourceHigh;
  long sourceLow;
  long destinationHigh;
  long destinationLow;
  int sourcePort;
  int destinationPort;
  int sequence;
  int acknowledgment;
  int flags;

  /** Offsets from the frame's start. */
  int ipOffset;

  int tcpOffset;
  int payloadOffset;
  int payload;

  /** Takes a frame; false where it is no whole TCP segment. */
  boolean read(Frame frame) {
    if (ethernet.wrap(frame.buffer(), frame.start(), frame.length()).check() != Defect.NONE) {
      return false;
    }
    int ip = ethernet.payloadOffset();
    int room = frame.end() - ip;
    isIpv4 = ethernet.etherType() == EtherType.IPV4;
    int end;
    int transport;
    if (isIpv4) {
      if (ipv4.wrap(frame.buffer(), ip, room).checkQuoted() != Defect.NONE
          || ipv4.protocol() != IpProtocol.TCP
          || ipv4.isFragment()) {
        return false;
      }
      sourceHigh = 0;
      sourceLow = IpAddress.mapped(ipv4.source());
      destinationHigh = 0;
      destinationLow = IpAddress.mapped(ipv4.destination());
      transport = ipv4.payloadOffset();
      end = ip + Math.min(room, ipv4.totalLength());
    } else {
      if (ethernet.etherType() != EtherType.IPV6
          || ipv6.wrap(frame.buffer(), ip, room).checkQuoted() != Defect.NONE
          || ipv6.transportProtocol() != IpProtocol.TCP
          || ipv6.isFragment()) {
        return false;
      }
      sourceHigh = ipv6.sourceHigh();
      sourceLow = ipv6.sourceLow();
      destinationHigh = ipv6.destinationHigh();
      destinationLow = ipv6.destinationLow();
      transport = ipv6.transportOffset();
      end = ip + Math.min(room, Ipv6View.HEADER_LENGTH + ipv6.payloadLength());
    }
    if (end - transport < TcpView.HEADER_LENGTH
        || tcp.wrap(frame.buffer(), transport, end - transport).checkQuoted() != Defect.NONE
        || tcp.headerLength() < TcpView.HEADER_LENGTH
        || tcp.headerLength() > end - transport) {
      return false;
    }
    sourceMac = ethernet.source();
    destinationMac = ethernet.destination();
    sourcePort = tcp.sourcePort();
    destinationPort = tcp.destinationPort();
    sequence = tcp.sequence();
    acknowledgment = tcp.acknowledgment();
    flags = tcp.flags();
    ipOffset = ip - frame.start();
    tcpOffset = transport - frame.start();
    payloadOffset = tcpOffset + tcp.headerLength();
    payload = end - frame.start() - payloadOffset;
    return true;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  boolean opens() {
    return has(TcpFlags.SYN) && !has(TcpFlags.ACK);
  }

  /** Whether it has a place in the stream behind the connection's opening. */
  boolean isOrdered() {
    return !has(TcpFlags.SYN) && (payload > 0 || has(TcpFlags.FIN));
  }

  /** The sequence number behind it. */
  int sequenceEnd() {
    return sequence + payload + (has(TcpFlags.SYN) ? 1 : 0) + (has(TcpFlags.FIN) ? 1 : 0);
  }
}
