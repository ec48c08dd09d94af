package io.podwire.bench.micro;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.packet.Checksum;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;

/** Frames for the benchmarks, in direct memory as an agent's are. */
final class Packets {
  private static final int TRANSPORT = EthernetView.HEADER_LENGTH + Ipv4View.HEADER_LENGTH;
  private static final int TIME_TO_LIVE = 64;
  private static final int CLIENT_PORT = 4000;
  private static final int SERVER_PORT = 80;

  private Packets() {}

  /** A frame with room for so many octets. */
  static Frame frame(int octets) {
    Frame frame = new Frame(ByteBuffer.allocateDirect(Frame.HEADROOM + octets));
    frame.reset(Frame.HEADROOM, octets);
    return frame;
  }

  /** A datagram with all its checksums. */
  static Frame udp(IpAddress from, IpAddress to, MacAddress source, MacAddress next, int payload) {
    Frame frame = frame(TRANSPORT + UdpView.HEADER_LENGTH + payload);
    Ipv4View ip = ipv4(frame, from, to, source, next, IpProtocol.UDP);
    new UdpView()
        .wrap(frame.buffer(), ip.payloadOffset(), ip.payloadLength())
        .setSourcePort(CLIENT_PORT)
        .setDestinationPort(SERVER_PORT)
        .setDatagramLength(ip.payloadLength())
        .computeChecksum(ip.pseudoHeader());
    return frame;
  }

  /** A large frame of TCP, whose checksum and segmentation are still to be done. */
  static Frame tcp(IpAddress from, IpAddress to, int payload, int segmentSize) {
    Frame frame = frame(TRANSPORT + TcpView.HEADER_LENGTH + payload);
    Ipv4View ip = ipv4(frame, from, to, MacAddress.of(from), MacAddress.of(to), IpProtocol.TCP);
    new TcpView()
        .wrap(frame.buffer(), ip.payloadOffset(), ip.payloadLength())
        .setSourcePort(CLIENT_PORT)
        .setDestinationPort(SERVER_PORT)
        .setHeaderLengthAndFlags(TcpView.HEADER_LENGTH, TcpFlags.ACK)
        .setChecksum(Checksum.fold(ip.pseudoHeader()));
    frame.leaveChecksum(TRANSPORT, TcpView.CHECKSUM_OFFSET);
    frame.leaveSegmentation(SegmentType.TCP4, segmentSize);
    return frame;
  }

  private static Ipv4View ipv4(
      Frame frame, IpAddress from, IpAddress to, MacAddress source, MacAddress next, int protocol) {
    int total = frame.length() - EthernetView.HEADER_LENGTH;
    new EthernetView()
        .wrap(frame.buffer(), frame.start(), frame.length())
        .set(next.value(), source.value(), EtherType.IPV4);
    Ipv4View ip =
        new Ipv4View()
            .wrap(frame.buffer(), frame.start() + EthernetView.HEADER_LENGTH, total)
            .setHeaderLength(Ipv4View.HEADER_LENGTH)
            .setTotalLength(total)
            .setFragment(true, false, 0)
            .setTimeToLive(TIME_TO_LIVE)
            .setProtocol(protocol)
            .setSource(from.ipv4Bits())
            .setDestination(to.ipv4Bits());
    ip.computeChecksum();
    return ip;
  }
}
