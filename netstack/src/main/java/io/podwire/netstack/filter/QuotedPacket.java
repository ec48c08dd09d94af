package io.podwire.netstack.filter;

import io.podwire.packet.Defect;
import io.podwire.packet.IcmpView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;

/**
 * The packet that an ICMP error quotes: its IP header and at least eight bytes more (RFC 792).
 *
 * <p>It is cut short, so only these parts are read.
 */
final class QuotedPacket {

  private static final int QUOTED_TRANSPORT_BYTES = 8;

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
      }
      default -> {
        key.sourcePort = 0;
        key.destinationPort = 0;
      }
    }
    return true;
  }

  /**
   * Rewrites the quoted tuple to that of the packet which answers {@code target}, and the error's
   * checksum with it. The quoted transport checksum stays: receivers do not check it (RFC 5508).
   */
  static void rewrite(ByteBuffer buffer, IcmpView icmp, FlowKey target) {
    FlowKey wanted = new FlowKey().invert(target);
    Ipv4View ip = new Ipv4View().wrap(buffer, offset(icmp), icmp.bodyLength());
    int transport = offset(icmp) + ip.headerLength();
    ip.setSource((int) wanted.sourceLow);
    ip.setDestination((int) wanted.destinationLow);
    ip.computeChecksum();
    if (wanted.protocol == IpProtocol.TCP || wanted.protocol == IpProtocol.UDP) {
      buffer.putShort(transport, (short) wanted.sourcePort);
      buffer.putShort(transport + 2, (short) wanted.destinationPort);
    } else if (wanted.protocol == IpProtocol.ICMP) {
      buffer.putShort(transport + 4, (short) wanted.sourcePort);
    }
    icmp.computeChecksum();
  }
}
