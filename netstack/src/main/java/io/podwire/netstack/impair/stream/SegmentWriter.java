package io.podwire.netstack.impair.stream;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import java.nio.ByteBuffer;

/** Writes TCP segments, with all checksums in full. Not thread-safe; reused. */
final class SegmentWriter {

  /** Flags that belong to a segment's last part alone. */
  static final int NOT_BEFORE_LAST = TcpFlags.FIN | TcpFlags.PSH | TcpFlags.URG;

  private static final int HOPS = 64;

  private final EthernetView ethernet = new EthernetView();
  private final Ipv4View ipv4 = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();
  private final TcpView tcp = new TcpView();

  /**
   * Copies a part of a segment: its headers and some of its data.
   *
   * @param from octets of the data that are left out before it
   * @param flags of the part
   * @param number of the part: an IPv4 identification of its own
   */
  Frame part(SegmentView of, Frame frame, int from, int length, int flags, int number) {
    Frame part = Frame.allocate(of.payloadOffset + length);
    part.reset(Frame.HEADROOM, of.payloadOffset + length);
    ByteBuffer out = part.buffer();
    out.put(part.start(), frame.buffer(), frame.start(), of.payloadOffset);
    int data = frame.start() + of.payloadOffset + from;
    out.put(part.start() + of.payloadOffset, frame.buffer(), data, length);
    int ip = part.start() + of.ipOffset;
    int transport = part.start() + of.tcpOffset;
    if (of.isIpv4) {
      ipv4.wrap(out, ip, part.end() - ip).setTotalLength(part.end() - ip);
      ipv4.setIdentification(ipv4.identification() + number & 0xffff);
      ipv4.computeChecksum();
    } else {
      ipv6.wrap(out, ip, part.end() - ip);
      ipv6.setPayloadLength(part.end() - ip - Ipv6View.HEADER_LENGTH);
    }
    tcp.wrap(out, transport, part.end() - transport)
        .setSequence(of.sequence + from)
        .setFlags(flags);
    return summed(part, of.isIpv4, ip);
  }

  /** Puts another acknowledgment into a segment. */
  Frame acknowledging(SegmentView of, Frame frame, int acknowledgment) {
    Frame copy = part(of, frame, 0, of.payload, of.flags, 0);
    int transport = copy.start() + of.tcpOffset;
    tcp.wrap(copy.buffer(), transport, copy.end() - transport).setAcknowledgment(acknowledgment);
    return summed(copy, of.isIpv4, copy.start() + of.ipOffset);
  }

  private Frame summed(Frame frame, boolean isIpv4, int ip) {
    long pseudoHeader =
        isIpv4
            ? ipv4.wrap(frame.buffer(), ip, frame.end() - ip).pseudoHeader()
            : ipv6.wrap(frame.buffer(), ip, frame.end() - ip).pseudoHeader();
    tcp.computeChecksum(pseudoHeader);
    return frame;
  }

  /**
   * A reset to the end that a stream goes to, as if the other one had sent it (RFC 9293, section
   * 3.5.2).
   *
   * @param acknowledgment of no meaning without the flag
   */
  Frame reset(StreamConnection of, Toxic.Side side, int sequence, int acknowledgment, int flags) {
    int header = of.isIpv4 ? Ipv4View.HEADER_LENGTH : Ipv6View.HEADER_LENGTH;
    int length = EthernetView.HEADER_LENGTH + header + TcpView.HEADER_LENGTH;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    ByteBuffer out = frame.buffer();
    ethernet
        .wrap(out, frame.start(), length)
        .set(of.receiverMac(side), of.senderMac(side), of.isIpv4 ? EtherType.IPV4 : EtherType.IPV6);
    int ip = frame.start() + EthernetView.HEADER_LENGTH;
    boolean fromLocal = of.isFromLocal(side);
    Tuple tuple = of.tuple;
    long sourceHigh = fromLocal ? tuple.localHigh : tuple.peerHigh;
    long sourceLow = fromLocal ? tuple.localLow : tuple.peerLow;
    long destinationHigh = fromLocal ? tuple.peerHigh : tuple.localHigh;
    long destinationLow = fromLocal ? tuple.peerLow : tuple.localLow;
    if (of.isIpv4) {
      ipv4.wrap(out, ip, frame.end() - ip)
          .setHeaderLength(Ipv4View.HEADER_LENGTH)
          .setTotalLength(frame.end() - ip)
          .setFragment(true, false, 0)
          .setTimeToLive(HOPS)
          .setProtocol(IpProtocol.TCP)
          .setSource((int) sourceLow)
          .setDestination((int) destinationLow);
      ipv4.computeChecksum();
    } else {
      ipv6.wrap(out, ip, frame.end() - ip)
          .setTraffic(0, 0)
          .setPayloadLength(TcpView.HEADER_LENGTH)
          .setNextHeader(IpProtocol.TCP)
          .setHopLimit(HOPS)
          .setSource(sourceHigh, sourceLow)
          .setDestination(destinationHigh, destinationLow);
    }
    tcp.wrap(out, ip + header, TcpView.HEADER_LENGTH)
        .setSourcePort(fromLocal ? tuple.localPort : tuple.peerPort)
        .setDestinationPort(fromLocal ? tuple.peerPort : tuple.localPort)
        .setSequence(sequence)
        .setAcknowledgment((flags & TcpFlags.ACK) != 0 ? acknowledgment : 0)
        .setHeaderLengthAndFlags(TcpView.HEADER_LENGTH, flags);
    return summed(frame, of.isIpv4, ip);
  }
}
