package io.podwire.netstack.flow;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.packet.Checksum;
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
 * The headers of a packet that has nothing special: a UDP datagram, or a TCP segment without SYN,
 * FIN, RST and URG, over IPv4 without options or fragmentation or over IPv6 without extension
 * headers. Several fields are read as one, for they are only compared and replaced.
 *
 * <p>Not thread-safe; reused for every packet.
 */
final class FlowHeaders {

  static final int IP = EthernetView.HEADER_LENGTH;
  static final int TRANSPORT = IP + Ipv4View.HEADER_LENGTH;

  /** Marks the protocol of IPv6, so that one comparison tells both. */
  static final int IPV6_MARK = 0x100;

  static final int IPV6_TRANSPORT = IP + Ipv6View.HEADER_LENGTH;
  static final int HOP_LIMIT = IP + 7;
  static final int IPV6_ADDRESSES = IP + 8;
  private static final int PAYLOAD_LENGTH = IP + 4;
  private static final int NEXT_HEADER = IP + 6;

  // Offsets from the frame's start.
  static final int MAC_ADDRESSES = 0;
  static final int REST_OF_MAC_ADDRESSES = 8;
  static final int TIME_TO_LIVE = IP + 8;
  static final int ADDRESSES = IP + 12;
  static final int PORTS = TRANSPORT;

  private static final int ETHER_TYPE = 12;
  private static final int FRAGMENT = IP + 4;

  // Offsets from the transport header's start.
  private static final int UDP_LENGTH = 4;
  private static final int TCP_FLAGS = 12;

  private static final long LOW = 0xffff_ffffL;
  private static final int PLAIN_HEADER = 0x45;
  private static final int FRAGMENTED = 0x3fff;
  private static final int DECIDING_FLAGS =
      TcpFlags.FIN | TcpFlags.SYN | TcpFlags.RST | TcpFlags.ACK | TcpFlags.URG;

  /** The destination's MAC address and the first two octets of the source's. */
  long macs;

  int restOfMacs;

  /** Source and destination of IPv4; of IPv6 all four halves, mixed. */
  long addresses;

  // The halves of IPv6 addresses; of no meaning for IPv4.
  long sourceHigh;
  long sourceLow;
  long destinationHigh;
  long destinationLow;

  /** Source and destination. */
  int ports;

  /** With {@link #IPV6_MARK}. */
  int protocol;

  int timeToLive;

  /** Octets of the IP packet. */
  int totalLength;

  /**
   * Reads a frame, which stays as it is.
   *
   * @return false for what is special, damaged or not what its offload metadata says: the fields
   *     then mean nothing
   */
  boolean read(Frame frame) {
    ByteBuffer buffer = frame.buffer();
    int start = frame.start();
    int length = frame.length();
    if (length < TRANSPORT + UdpView.HEADER_LENGTH) {
      return false;
    }
    int etherType = buffer.getShort(start + ETHER_TYPE) & 0xffff;
    if (etherType != EtherType.IPV4) {
      return etherType == EtherType.IPV6 && readIpv6(frame);
    }
    int first = buffer.getInt(start + IP);
    int second = buffer.getInt(start + FRAGMENT);
    int third = buffer.getInt(start + TIME_TO_LIVE);
    addresses = buffer.getLong(start + ADDRESSES);
    totalLength = first & 0xffff;
    long sum =
        (first & LOW) + (second & LOW) + (third & LOW) + (addresses >>> 32) + (addresses & LOW);
    if (first >>> 24 != PLAIN_HEADER
        || (second & FRAGMENTED) != 0
        || totalLength > length - IP
        || !Checksum.isIntact(sum)) {
      return false;
    }
    timeToLive = third >>> 24;
    protocol = third >>> 16 & 0xff;
    macs = buffer.getLong(start + MAC_ADDRESSES);
    restOfMacs = buffer.getInt(start + REST_OF_MAC_ADDRESSES);
    ports = buffer.getInt(start + PORTS);
    int segment = totalLength - Ipv4View.HEADER_LENGTH;
    return readTransport(frame, protocol, TRANSPORT, segment, SegmentType.TCP4);
  }

  private boolean readIpv6(Frame frame) {
    ByteBuffer buffer = frame.buffer();
    int start = frame.start();
    int length = frame.length();
    if (length < IPV6_TRANSPORT + UdpView.HEADER_LENGTH
        || (buffer.get(start + IP) & 0xf0) != 0x60) {
      return false;
    }
    int segment = buffer.getShort(start + PAYLOAD_LENGTH) & 0xffff;
    totalLength = Ipv6View.HEADER_LENGTH + segment;
    if (totalLength > length - IP) {
      return false;
    }
    sourceHigh = buffer.getLong(start + IPV6_ADDRESSES);
    sourceLow = buffer.getLong(start + IPV6_ADDRESSES + 8);
    destinationHigh = buffer.getLong(start + IPV6_ADDRESSES + 16);
    destinationLow = buffer.getLong(start + IPV6_ADDRESSES + 24);
    addresses =
        sourceLow
            ^ Long.rotateLeft(destinationLow, 32)
            ^ Long.rotateLeft(sourceHigh, 16)
            ^ Long.rotateLeft(destinationHigh, 48);
    timeToLive = buffer.get(start + HOP_LIMIT) & 0xff;
    int next = buffer.get(start + NEXT_HEADER) & 0xff;
    protocol = next | IPV6_MARK;
    macs = buffer.getLong(start + MAC_ADDRESSES);
    restOfMacs = buffer.getInt(start + REST_OF_MAC_ADDRESSES);
    ports = buffer.getInt(start + IPV6_TRANSPORT);
    return readTransport(frame, next, IPV6_TRANSPORT, segment, SegmentType.TCP6);
  }

  private static boolean readTransport(
      Frame frame, int protocol, int transport, int segment, SegmentType tcpType) {
    ByteBuffer buffer = frame.buffer();
    int at = frame.start() + transport;
    return switch (protocol) {
      case IpProtocol.UDP -> {
        int datagram = buffer.getShort(at + UDP_LENGTH) & 0xffff;
        yield datagram >= UdpView.HEADER_LENGTH
            && datagram <= segment
            && isOffloadPlain(frame, transport, UdpView.CHECKSUM_OFFSET, SegmentType.UDP);
      }
      case IpProtocol.TCP -> {
        if (segment < TcpView.HEADER_LENGTH) {
          yield false;
        }
        int word = buffer.getShort(at + TCP_FLAGS);
        int header = (word & 0xf000) >>> 10;
        yield (word & DECIDING_FLAGS) == TcpFlags.ACK
            && header >= TcpView.HEADER_LENGTH
            && header <= segment
            && isOffloadPlain(frame, transport, TcpView.CHECKSUM_OFFSET, tcpType);
      }
      default -> false;
    };
  }

  /** Whether nothing is left to do, or the packet's own checksum and segmentation. */
  private static boolean isOffloadPlain(
      Frame frame, int transport, int checksumOffset, SegmentType type) {
    int size = frame.segmentSize();
    return frame.checksumPending()
        ? frame.checksumStart() == transport
            && frame.checksumOffset() == checksumOffset
            && (size == 0 || frame.segmentType() == type)
        : size == 0;
  }

  long sourceMac() {
    return (macs & 0xffff) << 32 | restOfMacs & LOW;
  }

  /** The longest IP packet that the frame is on a link. */
  int largestPacket(Frame frame) {
    int size = frame.segmentSize();
    return size == 0 ? totalLength : Math.min(totalLength, frame.segmentHeaderLength() - IP + size);
  }

  int hash() {
    long h = (addresses ^ (long) ports * 0x9e37_79b9_7f4a_7c15L) * 0xbf58_476d_1ce4_e5b9L;
    h = (h ^ h >>> 32 ^ protocol) * 0x94d0_49bb_1331_11ebL;
    return (int) (h >>> 32);
  }
}
