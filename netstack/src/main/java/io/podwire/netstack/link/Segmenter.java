package io.podwire.netstack.link;

import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.packet.Checksum;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import java.nio.ByteBuffer;

/**
 * Cuts a frame that has a segment size into the packets that its sender has left to the device: TCP
 * segments (RFC 9293) or UDP datagrams over IPv4 or IPv6, each with headers and checksums of its
 * own.
 *
 * <p>Wrap a frame, then write its packets in any order. Not thread-safe; reused for every frame.
 */
public final class Segmenter {

  /** Flags of the sender's last segment alone. */
  private static final int LAST_ONLY = TcpFlags.FIN | TcpFlags.PSH;

  /**
   * Segments of the smallest TCP payload that Linux sends, 48 octets with options, in 64 KiB: a
   * forged frame with a smaller one would keep the event loop from everybody else.
   */
  private static final int MAX_SEGMENTS = 1400;

  private final EthernetView ethernet = new EthernetView();
  private final Ipv4View ip = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();
  private final TcpView tcp = new TcpView();
  private final UdpView udp = new UdpView();

  private ByteBuffer source = ByteBuffer.allocate(0);
  private int start;
  private int headers;
  private int ipHeader;
  private int payload;
  private int size;
  private int count;
  private boolean isTcp;
  private boolean isIpv4;
  private int protocol;
  private int identification;
  private int sequence;
  private int flags;

  /** The IP header's sum without length, identification and checksum. */
  private long ipSum;

  /** The pseudo-header's sum without the length. */
  private long pseudoHeader;

  /**
   * Takes a frame; its bytes must not change until the last packet is written.
   *
   * @return false for a frame that is not what its metadata says, or too many packets
   */
  public boolean wrap(Frame frame) {
    source = frame.buffer();
    start = frame.start();
    size = frame.segmentSize();
    headers = frame.segmentHeaderLength();
    payload = frame.length() - headers;
    if (size <= 0 || payload <= 0 || !frame.checksumPending() || !readHeaders(frame)) {
      return false;
    }
    count = (payload + size - 1) / size;
    return count <= MAX_SEGMENTS;
  }

  private boolean readHeaders(Frame frame) {
    int ipOffset = start + EthernetView.HEADER_LENGTH;
    if (ethernet.wrap(source, start, frame.length()).check() != Defect.NONE
        || ethernet.isTagged()) {
      return false;
    }
    isIpv4 = ethernet.etherType() == EtherType.IPV4;
    isTcp = frame.segmentType() != SegmentType.UDP;
    protocol = isTcp ? IpProtocol.TCP : IpProtocol.UDP;
    if (isTcp && frame.segmentType() != (isIpv4 ? SegmentType.TCP4 : SegmentType.TCP6)
        || !(isIpv4 ? readIpv4(ipOffset, frame) : readIpv6(ipOffset, frame))) {
      return false;
    }
    int transport = EthernetView.HEADER_LENGTH + ipHeader;
    if (frame.checksumStart() != transport
        || headers < transport + (isTcp ? TcpView.HEADER_LENGTH : UdpView.HEADER_LENGTH)) {
      return false;
    }
    if (isTcp) {
      tcp.wrap(source, start + transport, frame.length() - transport);
      sequence = tcp.sequence();
      flags = tcp.flags();
    }
    return true;
  }

  /** Extension headers, but for fragments, are copied with the rest. */
  private boolean readIpv6(int ipOffset, Frame frame) {
    if (ethernet.etherType() != EtherType.IPV6
        || ipv6.wrap(source, ipOffset, frame.end() - ipOffset).checkQuoted() != Defect.NONE
        || ipv6.transportProtocol() != protocol
        || ipv6.isFragment()) {
      return false;
    }
    ipHeader = ipv6.transportOffset() - ipOffset;
    pseudoHeader =
        Checksum.pseudoHeader(
            ipv6.sourceHigh(),
            ipv6.sourceLow(),
            ipv6.destinationHigh(),
            ipv6.destinationLow(),
            protocol,
            0);
    return true;
  }

  private boolean readIpv4(int ipOffset, Frame frame) {
    if (ip.wrap(source, ipOffset, frame.end() - ipOffset).checkQuoted() != Defect.NONE
        || ip.protocol() != protocol
        || ip.isFragment()) {
      return false;
    }
    ipHeader = ip.headerLength();
    identification = ip.identification();
    ipSum =
        Checksum.sum(source, ipOffset, ipHeader)
            + (~ip.totalLength() & 0xffff)
            + (~identification & 0xffff)
            + (~ip.checksum() & 0xffff);
    pseudoHeader = Checksum.pseudoHeader(ip.source(), ip.destination(), protocol, 0);
    return true;
  }

  /** How many packets the frame is. */
  public int count() {
    return count;
  }

  /** Octets of a packet, Ethernet header included; all but the last are of the same length. */
  public int length(int index) {
    return headers + Math.min(size, payload - index * size);
  }

  /** Writes one packet, complete with its checksums. */
  public void write(int index, ByteBuffer out, int at) {
    int length = length(index);
    int data = length - headers;
    int from = start + headers + index * size;
    // The source is summed, not the copy: what has just been written is slow to read again.
    long payloadSum = Checksum.sum(source, from, data);
    out.put(at, source, start, headers);
    out.put(at + headers, source, from, data);
    int ipAt = at + EthernetView.HEADER_LENGTH;
    int total = length - EthernetView.HEADER_LENGTH;
    if (isIpv4) {
      int id = identification + index & 0xffff;
      ip.wrap(out, ipAt, total)
          .setTotalLength(total)
          .setIdentification(id)
          .setChecksum(Checksum.finish(ipSum + total + id));
    } else {
      ipv6.wrap(out, ipAt, total).setPayloadLength(total - Ipv6View.HEADER_LENGTH);
    }
    int transport = ipAt + ipHeader;
    int segment = total - ipHeader;
    long sum = pseudoHeader + segment + payloadSum;
    if (isTcp) {
      int kept = index == count - 1 ? flags : flags & ~LAST_ONLY;
      tcp.wrap(out, transport, segment)
          .setSequence(sequence + index * size)
          .setFlags(index == 0 ? kept : kept & ~TcpFlags.CWR)
          .setChecksum(0)
          .setChecksum(Checksum.finish(sum + Checksum.sum(out, transport, segment - data)));
    } else {
      udp.wrap(out, transport, segment).setDatagramLength(segment).setChecksum(0);
      int checksum = Checksum.finish(sum + Checksum.sum(out, transport, UdpView.HEADER_LENGTH));
      // Zero means "no checksum" (RFC 768).
      udp.setChecksum(checksum == 0 ? 0xffff : checksum);
    }
  }
}
