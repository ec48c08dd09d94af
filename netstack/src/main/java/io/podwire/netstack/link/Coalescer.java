package io.podwire.netstack.link;

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
 * Joins packets of one flow that arrived together into one frame with a segment size, in place: TCP
 * segments that follow each other and UDP datagrams of one length, over IPv4 or IPv6. What {@link
 * Segmenter} makes of the frame again is what has arrived, but for IPv4 identifications.
 *
 * <p>Only packets with right checksums are joined: the joined frame's is left to be completed, and
 * a wrong one must reach its receiver as it is. Not thread-safe; reused for every batch.
 */
public final class Coalescer {

  /** Takes what is joined, and what cannot be. */
  @FunctionalInterface
  public interface Output {
    void accept(Frame frame);
  }

  private static final int ETHERNET = EthernetView.HEADER_LENGTH;
  private static final int PLAIN_HEADER = 0x45;
  private static final int MAX_PACKET = 65_535;

  /** More than so many in a frame are refused by kernels (UDP_MAX_SEGMENTS). */
  private static final int MAX_DATAGRAMS = 64;

  private static final int ETHER_TYPE = 12;

  // Offsets from the start of the IP header, which has no options.
  private static final int TOTAL_LENGTH = 2;
  private static final int IDENTIFICATION = 4;
  private static final int FRAGMENT = 6;
  private static final int DONT_FRAGMENT = 0x4000;
  private static final int PROTOCOL = 9;
  private static final int IP_CHECKSUM = 10;
  private static final int SOURCE = 12;
  private static final int IPV4 = Ipv4View.HEADER_LENGTH;

  // Offsets from the start of an IPv6 header, which has no extensions.
  private static final int PAYLOAD_LENGTH = 4;
  private static final int NEXT_HEADER = 6;
  private static final int IPV6_ADDRESSES = 8;
  private static final int IPV6 = Ipv6View.HEADER_LENGTH;

  // Offsets from the start of the transport header.
  private static final int SEQUENCE = 4;
  private static final int ACKNOWLEDGMENT = 8;
  private static final int TCP_FLAGS = 12;
  private static final int UDP_LENGTH = 4;

  private final Output output;

  // The packets joined so far; nothing where size is 0.
  private int start;
  private int end;
  private int headers;
  private int size;
  private int count;
  private int nextSequence;
  private int protocol;

  /** Of their IP header, which tells the family. */
  private int ipHeader;

  private boolean checked;
  private boolean closed;

  // The packet looked at last.
  private int ipHeaderOfLast;
  private int protocolOfLast;
  private int headersOfLast;
  private int payloadOfLast;

  public Coalescer(Output output) {
    this.output = output;
  }

  /**
   * Takes the next packet, which lies behind the earlier ones in the same buffer.
   *
   * @param frame an Ethernet frame without offload metadata; reused for what goes out
   */
  public void add(Frame frame) {
    if (size > 0 && follows(frame)) {
      join(frame);
      return;
    }
    int packetStart = frame.start();
    int packetLength = frame.length();
    flush(frame);
    frame.reset(packetStart, packetLength);
    if (isJoinable(frame)) {
      open(frame);
    } else {
      output.accept(frame);
    }
  }

  /** Hands out what is joined; the batch ends. */
  public void flush(Frame frame) {
    if (size == 0) {
      return;
    }
    frame.reset(start, end - start);
    if (count > 1) {
      complete(frame);
    }
    size = 0;
    output.accept(frame);
  }

  /** Whether a packet may be joined with others: a plain header and payload. */
  private boolean isJoinable(Frame frame) {
    ByteBuffer buffer = frame.buffer();
    int length = frame.length() - ETHERNET;
    if (length < IPV4 + UdpView.HEADER_LENGTH) {
      return false;
    }
    int ip = frame.start() + ETHERNET;
    boolean plainIp =
        switch (buffer.getShort(frame.start() + ETHER_TYPE) & 0xffff) {
          case EtherType.IPV4 -> isPlainIpv4(buffer, ip, length);
          case EtherType.IPV6 -> isPlainIpv6(buffer, ip, length);
          default -> false;
        };
    if (!plainIp) {
      return false;
    }
    int header = ipHeaderOfLast;
    int transport = ip + header;
    switch (protocolOfLast) {
      case IpProtocol.TCP -> {
        if (length < header + TcpView.HEADER_LENGTH) {
          return false;
        }
        int word = buffer.getShort(transport + TCP_FLAGS);
        headersOfLast = header + ((word & 0xf000) >>> 10);
        boolean plain = (word & 0xfff & ~TcpFlags.PSH) == TcpFlags.ACK;
        if (!plain || headersOfLast < header + TcpView.HEADER_LENGTH) {
          return false;
        }
      }
      case IpProtocol.UDP -> {
        headersOfLast = header + UdpView.HEADER_LENGTH;
        if ((buffer.getShort(transport + UDP_LENGTH) & 0xffff) != length - header
            || buffer.getShort(transport + UdpView.CHECKSUM_OFFSET) == 0) {
          return false;
        }
      }
      default -> {
        return false;
      }
    }
    payloadOfLast = length - headersOfLast;
    return payloadOfLast > 0;
  }

  private boolean isPlainIpv4(ByteBuffer buffer, int ip, int length) {
    ipHeaderOfLast = IPV4;
    protocolOfLast = buffer.get(ip + PROTOCOL);
    return buffer.get(ip) == PLAIN_HEADER
        && (buffer.getShort(ip + TOTAL_LENGTH) & 0xffff) == length
        && (buffer.getShort(ip + FRAGMENT) & ~DONT_FRAGMENT) == 0;
  }

  private boolean isPlainIpv6(ByteBuffer buffer, int ip, int length) {
    ipHeaderOfLast = IPV6;
    protocolOfLast = buffer.get(ip + NEXT_HEADER);
    return length >= IPV6 + UdpView.HEADER_LENGTH
        && (buffer.get(ip) & 0xf0) == 0x60
        && (buffer.getShort(ip + PAYLOAD_LENGTH) & 0xffff) == length - IPV6;
  }

  private void open(Frame frame) {
    ByteBuffer buffer = frame.buffer();
    start = frame.start();
    end = frame.end();
    protocol = protocolOfLast;
    ipHeader = ipHeaderOfLast;
    headers = ETHERNET + headersOfLast;
    size = payloadOfLast;
    count = 1;
    checked = false;
    closed = protocol == IpProtocol.TCP && isPushed(buffer, start);
    nextSequence = buffer.getInt(start + ETHERNET + ipHeader + SEQUENCE) + size;
  }

  private boolean isPushed(ByteBuffer buffer, int at) {
    return (buffer.getShort(at + ETHERNET + ipHeader + TCP_FLAGS) & TcpFlags.PSH) != 0;
  }

  /** Whether a packet is the next of those that are joined. */
  private boolean follows(Frame frame) {
    if (closed
        || count >= MAX_DATAGRAMS && protocol == IpProtocol.UDP
        || !isJoinable(frame)
        || ETHERNET + headersOfLast != headers
        || ipHeaderOfLast != ipHeader
        || payloadOfLast > size
        || end - start - ETHERNET + payloadOfLast > MAX_PACKET
        || !hasSameHeaders(frame.buffer(), frame.start())) {
      return false;
    }
    if (!checked) {
      if (!isIntact(frame.buffer(), start, end)) {
        closed = true;
        return false;
      }
      checked = true;
    }
    return isIntact(frame.buffer(), frame.start(), frame.end());
  }

  private boolean hasSameHeaders(ByteBuffer buffer, int at) {
    int ours = start + ETHERNET;
    int theirs = at + ETHERNET;
    boolean same =
        buffer.getLong(start) == buffer.getLong(at)
            && buffer.getInt(start + 8) == buffer.getInt(at + 8)
            && (ipHeader == IPV4
                ? hasSameIpv4(buffer, ours, theirs)
                : hasSameIpv6(buffer, ours, theirs))
            && buffer.getInt(ours + ipHeader) == buffer.getInt(theirs + ipHeader);
    return same && (protocol == IpProtocol.UDP || hasSameTcp(buffer, ours, theirs));
  }

  private boolean hasSameIpv4(ByteBuffer buffer, int ours, int theirs) {
    return buffer.getShort(ours) == buffer.getShort(theirs)
        && buffer.getInt(ours + FRAGMENT) == buffer.getInt(theirs + FRAGMENT)
        && hasNextIdentification(buffer, ours, theirs)
        && buffer.getLong(ours + SOURCE) == buffer.getLong(theirs + SOURCE);
  }

  /** Class, flow label, protocol, hop limit and addresses. */
  private static boolean hasSameIpv6(ByteBuffer buffer, int ours, int theirs) {
    if (buffer.getInt(ours) != buffer.getInt(theirs)
        || buffer.getShort(ours + NEXT_HEADER) != buffer.getShort(theirs + NEXT_HEADER)) {
      return false;
    }
    for (int at = IPV6_ADDRESSES; at < IPV6; at += Long.BYTES) {
      if (buffer.getLong(ours + at) != buffer.getLong(theirs + at)) {
        return false;
      }
    }
    return true;
  }

  /** Only where packets may be fragmented do their identifications mean anything (RFC 6864). */
  private boolean hasNextIdentification(ByteBuffer buffer, int ours, int theirs) {
    int next = buffer.getShort(ours + IDENTIFICATION) + count & 0xffff;
    return (buffer.getShort(ours + FRAGMENT) & DONT_FRAGMENT) != 0
        || (buffer.getShort(theirs + IDENTIFICATION) & 0xffff) == next;
  }

  /** Ports are compared already; flags but PSH, window and options must be the same. */
  private boolean hasSameTcp(ByteBuffer buffer, int ours, int theirs) {
    int us = ours + ipHeader;
    int them = theirs + ipHeader;
    int differing = buffer.getInt(us + TCP_FLAGS) ^ buffer.getInt(them + TCP_FLAGS);
    if (buffer.getInt(them + SEQUENCE) != nextSequence
        || buffer.getInt(us + ACKNOWLEDGMENT) != buffer.getInt(them + ACKNOWLEDGMENT)
        || (differing & ~(TcpFlags.PSH << Short.SIZE)) != 0) {
      return false;
    }
    int options = headersOfLast - ipHeader;
    for (int at = TcpView.HEADER_LENGTH; at < options; at += Integer.BYTES) {
      if (buffer.getInt(us + at) != buffer.getInt(them + at)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the IP header's and the transport's checksum are right. */
  private boolean isIntact(ByteBuffer buffer, int from, int to) {
    int ip = from + ETHERNET;
    int transport = ip + ipHeader;
    int length = to - transport;
    return (ipHeader == IPV6 || Checksum.isIntact(Checksum.sum(buffer, ip, IPV4)))
        && Checksum.isIntact(
            pseudoHeader(buffer, ip, length) + Checksum.sum(buffer, transport, length));
  }

  private long pseudoHeader(ByteBuffer buffer, int ip, int length) {
    return ipHeader == IPV4
        ? Checksum.pseudoHeader(
            buffer.getInt(ip + SOURCE),
            buffer.getInt(ip + SOURCE + Integer.BYTES),
            protocol,
            length)
        : Checksum.pseudoHeader(
            buffer.getLong(ip + IPV6_ADDRESSES),
            buffer.getLong(ip + IPV6_ADDRESSES + 8),
            buffer.getLong(ip + IPV6_ADDRESSES + 16),
            buffer.getLong(ip + IPV6_ADDRESSES + 24),
            protocol,
            length);
  }

  private void join(Frame frame) {
    ByteBuffer buffer = frame.buffer();
    int at = frame.start();
    if (protocol == IpProtocol.TCP && isPushed(buffer, at)) {
      int flags = start + ETHERNET + ipHeader + TCP_FLAGS;
      buffer.putShort(flags, (short) (buffer.getShort(flags) | TcpFlags.PSH));
      closed = true;
    }
    buffer.put(end, buffer, at + headers, payloadOfLast);
    end += payloadOfLast;
    nextSequence += payloadOfLast;
    count++;
    closed |= payloadOfLast < size;
  }

  /** Writes lengths and what is left to the device. */
  private void complete(Frame frame) {
    ByteBuffer buffer = frame.buffer();
    int ip = start + ETHERNET;
    int total = end - ip;
    if (ipHeader == IPV4) {
      buffer.putShort(ip + TOTAL_LENGTH, (short) total);
      buffer.putShort(ip + IP_CHECKSUM, (short) 0);
      buffer.putShort(ip + IP_CHECKSUM, (short) Checksum.of(buffer, ip, IPV4));
    } else {
      buffer.putShort(ip + PAYLOAD_LENGTH, (short) (total - IPV6));
    }
    int transport = ip + ipHeader;
    int length = total - ipHeader;
    boolean isTcp = protocol == IpProtocol.TCP;
    if (!isTcp) {
      buffer.putShort(transport + UDP_LENGTH, (short) length);
    }
    int field = isTcp ? TcpView.CHECKSUM_OFFSET : UdpView.CHECKSUM_OFFSET;
    buffer.putShort(transport + field, (short) Checksum.fold(pseudoHeader(buffer, ip, length)));
    frame.leaveChecksum(ETHERNET + ipHeader, field);
    SegmentType tcpType = ipHeader == IPV4 ? SegmentType.TCP4 : SegmentType.TCP6;
    frame.leaveSegmentation(isTcp ? tcpType : SegmentType.UDP, size);
  }
}
