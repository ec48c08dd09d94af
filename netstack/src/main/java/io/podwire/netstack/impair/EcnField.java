package io.podwire.netstack.impair;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.Checksum;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;

/** The congestion field of IPv4 and IPv6 (RFC 3168, section 5). Not thread-safe. */
final class EcnField {

  private static final int CONGESTION_EXPERIENCED = 3;

  private final Ipv4View ipv4 = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();

  /** Whether the sender understands marks, or the packet has one. */
  boolean isCapable(Frame frame, PacketHeaders headers) {
    return headers.isIp && field(frame, headers) != 0;
  }

  private int field(Frame frame, PacketHeaders headers) {
    int at = frame.start() + headers.packetOffset;
    ipv4.wrap(frame.buffer(), at, headers.packetLength);
    if (ipv4.version() == 4) {
      return ipv4.ecn();
    }
    return ipv6.wrap(frame.buffer(), at, headers.packetLength).trafficClass() & 3;
  }

  /** Marks a packet and updates its header's checksum; nothing above IP sums this field. */
  void mark(Frame frame, PacketHeaders headers) {
    int at = frame.start() + headers.packetOffset;
    ipv4.wrap(frame.buffer(), at, headers.packetLength);
    if (ipv4.version() == 4) {
      int before = frame.buffer().getShort(at) & 0xffff;
      ipv4.setEcn(CONGESTION_EXPERIENCED);
      int after = frame.buffer().getShort(at) & 0xffff;
      ipv4.setChecksum(Checksum.update(ipv4.checksum(), before, after));
    } else {
      ipv6.wrap(frame.buffer(), at, headers.packetLength);
      ipv6.setTraffic(ipv6.trafficClass() | CONGESTION_EXPERIENCED, ipv6.flowLabel());
    }
  }
}
