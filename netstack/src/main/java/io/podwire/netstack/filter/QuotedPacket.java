package io.podwire.netstack.filter;

import io.podwire.packet.Checksum;
import io.podwire.packet.Defect;
import io.podwire.packet.IcmpView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;

/**
 * The packet that an ICMP error quotes: its IP header and at least eight bytes more (RFC 792).
 *
 * <p>It is cut short, so only these parts are read.
 */
final class QuotedPacket {

  private static final int QUOTED_TRANSPORT_BYTES = 8;

  /** Of an echo, from its first octet. */
  private static final int IDENTIFIER = 4;

  private QuotedPacket() {}

  /** Where the quoted IP header begins. */
  static int offset(IcmpView icmp) {
    return icmp.bodyOffset();
  }

  /** Reads the quoted tuple; false where there is too little of it. */
  static boolean read(ByteBuffer buffer, IcmpView icmp, FlowKey key) {
    int offset = offset(icmp);
    int length = icmp.bodyLength();
    Ipv4View ip = new Ipv4View().wrap(buffer, offset, length);
    if (ip.checkQuoted() != Defect.NONE
        || length < ip.headerLength() + QUOTED_TRANSPORT_BYTES
        || ip.fragmentOffset() > 0) {
      return false;
    }
    key.sourceHigh = 0;
    key.sourceLow = IpAddress.mapped(ip.source());
    key.destinationHigh = 0;
    key.destinationLow = IpAddress.mapped(ip.destination());
    key.protocol = ip.protocol();
    int transport = offset + ip.headerLength();
    switch (key.protocol) {
      case IpProtocol.TCP, IpProtocol.UDP -> {
        key.sourcePort = buffer.getShort(transport) & 0xffff;
        key.destinationPort = buffer.getShort(transport + 2) & 0xffff;
      }
      case IpProtocol.ICMP -> {
        key.destinationPort = buffer.get(transport) & 0xff;
        key.sourcePort = buffer.getShort(transport + 4) & 0xffff;
        return key.destinationPort == FlowKey.ECHO_REQUEST
            || key.destinationPort == FlowKey.ECHO_REPLY;
      }
      default -> {
        key.sourcePort = 0;
        key.destinationPort = 0;
      }
    }
    return true;
  }

  /**
   * Rewrites the quoted tuple to that of the packet which answers {@code target}, and the checksums
   * with it: the quoted header's, the quoted transport's where it was not cut off, and the error's.
   */
  static void rewrite(ByteBuffer buffer, IcmpView icmp, FlowKey target) {
    FlowKey wanted = new FlowKey().invert(target);
    Ipv4View ip = new Ipv4View().wrap(buffer, offset(icmp), icmp.bodyLength());
    int transport = offset(icmp) + ip.headerLength();
    switch (wanted.protocol) {
      case IpProtocol.TCP ->
          rewritePorts(buffer, ip, transport, TcpView.CHECKSUM_OFFSET, icmp, wanted);
      case IpProtocol.UDP ->
          rewritePorts(buffer, ip, transport, UdpView.CHECKSUM_OFFSET, icmp, wanted);
      case IpProtocol.ICMP -> {
        int before = buffer.getShort(transport + IDENTIFIER);
        update(buffer, transport + IcmpView.CHECKSUM_OFFSET, before, wanted.sourcePort);
        buffer.putShort(transport + IDENTIFIER, (short) wanted.sourcePort);
      }
      default -> {}
    }
    ip.setSource((int) wanted.sourceLow);
    ip.setDestination((int) wanted.destinationLow);
    ip.computeChecksum();
    icmp.computeChecksum();
  }

  private static void rewritePorts(
      ByteBuffer buffer, Ipv4View ip, int transport, int field, IcmpView icmp, FlowKey wanted) {
    int checksumAt = transport + field;
    boolean whole = checksumAt + Short.BYTES <= icmp.bodyOffset() + icmp.bodyLength();
    boolean none = whole && wanted.protocol == IpProtocol.UDP && buffer.getShort(checksumAt) == 0;
    if (whole && !none) {
      update(buffer, checksumAt, buffer.getShort(transport), wanted.sourcePort);
      update(buffer, checksumAt, buffer.getShort(transport + 2), wanted.destinationPort);
      int checksum = buffer.getShort(checksumAt) & 0xffff;
      checksum = Checksum.updateInt(checksum, ip.source(), (int) wanted.sourceLow);
      checksum = Checksum.updateInt(checksum, ip.destination(), (int) wanted.destinationLow);
      buffer.putShort(checksumAt, (short) (checksum == 0 ? 0xffff : checksum));
    }
    buffer.putShort(transport, (short) wanted.sourcePort);
    buffer.putShort(transport + 2, (short) wanted.destinationPort);
  }

  private static void update(ByteBuffer buffer, int checksumAt, int before, int after) {
    int checksum = buffer.getShort(checksumAt) & 0xffff;
    buffer.putShort(checksumAt, (short) Checksum.update(checksum, before, after));
  }
}
