package io.podwire.netstack.filter;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.Checksum;
import io.podwire.packet.Defect;
import io.podwire.packet.IcmpView;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;

/**
 * The packet that an ICMP error quotes: its IP header and at least eight bytes more (RFC 792; RFC
 * 4443, section 2.4).
 *
 * <p>It is cut short, so only these parts are read.
 */
final class QuotedPacket {

  private static final int QUOTED_TRANSPORT_BYTES = 8;

  /** Of an echo, from its first octet. */
  private static final int IDENTIFIER = 4;

  private QuotedPacket() {}

  /**
   * Reads the quoted tuple; false where there is too little of it.
   *
   * @param offset where the quoted IP header begins; the quotation ends with the frame
   */
  static boolean read(Frame frame, int offset, boolean ipv4, FlowKey key) {
    ByteBuffer buffer = frame.buffer();
    int transport = ipv4 ? readIpv4(frame, offset, key) : readIpv6(frame, offset, key);
    if (transport < 0 || frame.end() < transport + QUOTED_TRANSPORT_BYTES) {
      return false;
    }
    switch (key.protocol) {
      case IpProtocol.TCP, IpProtocol.UDP -> {
        key.sourcePort = buffer.getShort(transport) & 0xffff;
        key.destinationPort = buffer.getShort(transport + 2) & 0xffff;
      }
      case IpProtocol.ICMP -> {
        readEcho(buffer, transport, key);
        return ipv4
            && (key.destinationPort == FlowKey.ECHO_REQUEST
                || key.destinationPort == FlowKey.ECHO_REPLY);
      }
      case IpProtocol.ICMPV6 -> {
        readEcho(buffer, transport, key);
        return !ipv4 && new Icmpv6View().wrap(buffer, transport, QUOTED_TRANSPORT_BYTES).isEcho();
      }
      default -> {
        key.sourcePort = 0;
        key.destinationPort = 0;
      }
    }
    return true;
  }

  private static void readEcho(ByteBuffer buffer, int transport, FlowKey key) {
    key.destinationPort = buffer.get(transport) & 0xff;
    key.sourcePort = buffer.getShort(transport + IDENTIFIER) & 0xffff;
  }

  /** Where the quoted transport begins; -1 where it does not. */
  private static int readIpv4(Frame frame, int offset, FlowKey key) {
    Ipv4View ip = new Ipv4View().wrap(frame.buffer(), offset, frame.end() - offset);
    if (ip.checkQuoted() != Defect.NONE || ip.fragmentOffset() > 0) {
      return -1;
    }
    key.sourceHigh = 0;
    key.sourceLow = IpAddress.mapped(ip.source());
    key.destinationHigh = 0;
    key.destinationLow = IpAddress.mapped(ip.destination());
    key.protocol = ip.protocol();
    return ip.payloadOffset();
  }

  private static int readIpv6(Frame frame, int offset, FlowKey key) {
    Ipv6View ip = new Ipv6View().wrap(frame.buffer(), offset, frame.end() - offset);
    if (ip.checkQuoted() != Defect.NONE || ip.fragmentOffset() > 0) {
      return -1;
    }
    key.sourceHigh = ip.sourceHigh();
    key.sourceLow = ip.sourceLow();
    key.destinationHigh = ip.destinationHigh();
    key.destinationLow = ip.destinationLow();
    key.protocol = ip.transportProtocol();
    return ip.transportOffset();
  }

  /**
   * Rewrites the quoted tuple to that of the packet which answers {@code target}, and the checksums
   * with it: the quoted header's, the quoted transport's where it was not cut off, and the error's.
   *
   * @param packet an ICMP error whose quotation was read
   */
  static void rewrite(Packet packet, FlowKey target) {
    Frame frame = packet.frame();
    FlowKey before = new FlowKey();
    FlowKey wanted = new FlowKey().invert(target);
    if (packet.isIpv4()) {
      IcmpView icmp = packet.icmp();
      int offset = icmp.bodyOffset();
      rewriteTransport(frame, readIpv4(frame, offset, before), before, wanted);
      new Ipv4View()
          .wrap(frame.buffer(), offset, frame.end() - offset)
          .setSource((int) wanted.sourceLow)
          .setDestination((int) wanted.destinationLow)
          .computeChecksum();
      icmp.computeChecksum();
    } else {
      Icmpv6View icmp = packet.icmpv6();
      int offset = icmp.bodyOffset();
      rewriteTransport(frame, readIpv6(frame, offset, before), before, wanted);
      new Ipv6View()
          .wrap(frame.buffer(), offset, frame.end() - offset)
          .setSource(wanted.sourceHigh, wanted.sourceLow)
          .setDestination(wanted.destinationHigh, wanted.destinationLow);
      icmp.computeChecksum(packet.ipv6().pseudoHeader());
    }
  }

  private static void rewriteTransport(Frame frame, int transport, FlowKey before, FlowKey wanted) {
    ByteBuffer buffer = frame.buffer();
    switch (wanted.protocol) {
      case IpProtocol.TCP ->
          rewritePorts(frame, transport, TcpView.CHECKSUM_OFFSET, before, wanted);
      case IpProtocol.UDP ->
          rewritePorts(frame, transport, UdpView.CHECKSUM_OFFSET, before, wanted);
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
        int field = transport + IcmpView.CHECKSUM_OFFSET;
        int checksum = buffer.getShort(field) & 0xffff;
        int identifier = buffer.getShort(transport + IDENTIFIER);
        checksum = Checksum.update(checksum, identifier, wanted.sourcePort);
        if (wanted.protocol == IpProtocol.ICMPV6) {
          checksum = withAddresses(checksum, before, wanted);
        }
        buffer.putShort(field, (short) checksum);
        buffer.putShort(transport + IDENTIFIER, (short) wanted.sourcePort);
      }
      default -> {}
    }
  }

  private static void rewritePorts(
      Frame frame, int transport, int field, FlowKey before, FlowKey wanted) {
    ByteBuffer buffer = frame.buffer();
    int checksumAt = transport + field;
    boolean whole = checksumAt + Short.BYTES <= frame.end();
    boolean none = whole && wanted.protocol == IpProtocol.UDP && buffer.getShort(checksumAt) == 0;
    if (whole && !none) {
      int checksum = buffer.getShort(checksumAt) & 0xffff;
      checksum = Checksum.update(checksum, buffer.getShort(transport), wanted.sourcePort);
      checksum = Checksum.update(checksum, buffer.getShort(transport + 2), wanted.destinationPort);
      checksum = withAddresses(checksum, before, wanted);
      buffer.putShort(checksumAt, (short) (checksum == 0 ? 0xffff : checksum));
    }
    buffer.putShort(transport, (short) wanted.sourcePort);
    buffer.putShort(transport + 2, (short) wanted.destinationPort);
  }

  /** With the mark of mapped addresses, which cancels out, one sum serves both families. */
  private static int withAddresses(int checksum, FlowKey before, FlowKey wanted) {
    int source =
        Checksum.updateAddress(
            checksum, before.sourceHigh, before.sourceLow, wanted.sourceHigh, wanted.sourceLow);
    return Checksum.updateAddress(
        source,
        before.destinationHigh,
        before.destinationLow,
        wanted.destinationHigh,
        wanted.destinationLow);
  }
}
