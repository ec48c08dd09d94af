package io.podwire.netstack.filter;

import io.podwire.packet.Checksum;
import io.podwire.packet.IcmpView;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites packets to what their connection says, with incremental checksums (RFC 1624): the
 * destination before routing and the source after it, in both directions, and the packets that ICMP
 * errors quote (RFC 5508, section 4.2).
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class Translation {

  /** Offsets that TCP and UDP share. */
  private static final int SOURCE_PORT = 0;

  private static final int DESTINATION_PORT = 2;

  private final FlowKey target = new FlowKey();

  /** The last of the PREROUTING and OUTPUT hooks. */
  public Verdict destination(Packet packet, long nowMillis) {
    Connection connection = aim(packet);
    if (connection != null) {
      if (packet.isIcmpError()) {
        QuotedPacket.rewrite(packet, target);
      }
      if (packet.reply ? connection.sourceTranslated : connection.destinationTranslated) {
        if (packet.reply) {
          setEchoIdentifier(packet);
        }
        rewriteDestination(packet);
      }
    }
    return Verdict.ACCEPT;
  }

  /** After source NAT has decided, in the INPUT and POSTROUTING hooks. */
  public Verdict source(Packet packet, long nowMillis) {
    Connection connection = aim(packet);
    // The address of a router that sends an error about an untranslated destination stays.
    if (connection != null
        && (packet.reply ? connection.destinationTranslated : connection.sourceTranslated)) {
      if (!packet.reply) {
        setEchoIdentifier(packet);
      }
      rewriteSource(packet);
    }
    return Verdict.ACCEPT;
  }

  /** Sets {@link #target} to the tuple that the packet should carry; null where it does already. */
  private @Nullable Connection aim(Packet packet) {
    Connection connection = packet.connection;
    if (connection == null || !connection.isTranslated()) {
      return null;
    }
    target.invert(packet.reply ? connection.original : connection.answer);
    return connection;
  }

  private void rewriteDestination(Packet packet) {
    FlowKey key = packet.key();
    if (packet.isIpv4()) {
      rewriteIpv4Destination(packet, (int) target.destinationLow);
    } else if (key.destinationLow != target.destinationLow
        || key.destinationHigh != target.destinationHigh) {
      packet.ipv6().setDestination(target.destinationHigh, target.destinationLow);
      updatePseudoHeader(
          packet,
          key.destinationHigh,
          key.destinationLow,
          target.destinationHigh,
          target.destinationLow);
    }
    key.destinationHigh = target.destinationHigh;
    key.destinationLow = target.destinationLow;
    if (key.destinationPort != target.destinationPort && hasPorts(packet)) {
      setPort(packet, DESTINATION_PORT, key.destinationPort, target.destinationPort);
    }
    if (!key.isIcmp()) {
      key.destinationPort = target.destinationPort;
    }
  }

  private static void rewriteIpv4Destination(Packet packet, int to) {
    Ipv4View ip = packet.ipv4();
    int from = ip.destination();
    if (from != to) {
      ip.setDestination(to);
      ip.setChecksum(Checksum.updateInt(ip.checksum(), from, to));
      updatePseudoHeader(packet, from, to);
    }
  }

  private static void rewriteIpv4Source(Packet packet, int to) {
    Ipv4View ip = packet.ipv4();
    int from = ip.source();
    if (from != to) {
      ip.setSource(to);
      ip.setChecksum(Checksum.updateInt(ip.checksum(), from, to));
      updatePseudoHeader(packet, from, to);
    }
  }

  private void rewriteSource(Packet packet) {
    FlowKey key = packet.key();
    if (packet.isIpv4()) {
      rewriteIpv4Source(packet, (int) target.sourceLow);
    } else if (key.sourceLow != target.sourceLow || key.sourceHigh != target.sourceHigh) {
      packet.ipv6().setSource(target.sourceHigh, target.sourceLow);
      updatePseudoHeader(
          packet, key.sourceHigh, key.sourceLow, target.sourceHigh, target.sourceLow);
    }
    key.sourceHigh = target.sourceHigh;
    key.sourceLow = target.sourceLow;
    if (key.sourcePort != target.sourcePort && hasPorts(packet)) {
      setPort(packet, SOURCE_PORT, key.sourcePort, target.sourcePort);
    }
    if (!key.isIcmp()) {
      key.sourcePort = target.sourcePort;
    }
  }

  private static boolean hasPorts(Packet packet) {
    int protocol = packet.key().protocol;
    return !packet.isLaterFragment() && (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP);
  }

  private void setEchoIdentifier(Packet packet) {
    FlowKey key = packet.key();
    if (key.isIcmp()
        && !packet.isIcmpError()
        && !packet.isLaterFragment()
        && key.sourcePort != target.sourcePort) {
      if (packet.isIpv4()) {
        IcmpView icmp = packet.icmp();
        icmp.setIdentifier(target.sourcePort);
        icmp.setChecksum(Checksum.update(icmp.checksum(), key.sourcePort, target.sourcePort));
      } else {
        Icmpv6View icmp = packet.icmpv6();
        icmp.setIdentifier(target.sourcePort);
        icmp.setChecksum(Checksum.update(icmp.checksum(), key.sourcePort, target.sourcePort));
      }
      key.sourcePort = target.sourcePort;
    }
  }

  private static void setPort(Packet packet, int field, int from, int to) {
    ByteBuffer buffer = packet.frame().buffer();
    buffer.putShort(packet.transportOffset() + field, (short) to);
    // A checksum left to be completed covers the ports only when it is completed.
    if (packet.frame().checksumPending()) {
      return;
    }
    if (packet.key().protocol == IpProtocol.TCP) {
      TcpView tcp = packet.tcp();
      tcp.setChecksum(Checksum.update(tcp.checksum(), from, to));
    } else {
      UdpView udp = packet.udp();
      if (udp.checksum() != 0) {
        udp.setChecksum(nonZero(Checksum.update(udp.checksum(), from, to)));
      }
    }
  }

  private static void updatePseudoHeader(Packet packet, int from, int to) {
    if (!hasPorts(packet)) {
      return;
    }
    boolean pending = packet.frame().checksumPending();
    if (packet.key().protocol == IpProtocol.TCP) {
      TcpView tcp = packet.tcp();
      tcp.setChecksum(updated(tcp.checksum(), from, to, pending));
    } else {
      UdpView udp = packet.udp();
      if (udp.checksum() != 0) {
        udp.setChecksum(nonZero(updated(udp.checksum(), from, to, pending)));
      }
    }
  }

  /** The same for IPv6, where ICMP's checksum covers the addresses too. */
  private static void updatePseudoHeader(
      Packet packet, long fromHigh, long fromLow, long toHigh, long toLow) {
    if (packet.isLaterFragment()) {
      return;
    }
    boolean pending = packet.frame().checksumPending();
    switch (packet.key().protocol) {
      case IpProtocol.TCP -> {
        TcpView tcp = packet.tcp();
        tcp.setChecksum(updated(tcp.checksum(), fromHigh, fromLow, toHigh, toLow, pending));
      }
      case IpProtocol.UDP -> {
        UdpView udp = packet.udp();
        if (udp.checksum() != 0) {
          udp.setChecksum(
              nonZero(updated(udp.checksum(), fromHigh, fromLow, toHigh, toLow, pending)));
        }
      }
      case IpProtocol.ICMPV6 -> {
        Icmpv6View icmp = packet.icmpv6();
        icmp.setChecksum(updated(icmp.checksum(), fromHigh, fromLow, toHigh, toLow, false));
      }
      default -> {}
    }
  }

  private static int updated(
      int checksum, long fromHigh, long fromLow, long toHigh, long toLow, boolean pending) {
    return pending
        ? ~Checksum.updateAddress(~checksum & 0xffff, fromHigh, fromLow, toHigh, toLow) & 0xffff
        : Checksum.updateAddress(checksum, fromHigh, fromLow, toHigh, toLow);
  }

  /** A pending checksum holds the pseudo-header's sum itself, not its complement. */
  private static int updated(int checksum, int from, int to, boolean pending) {
    return pending
        ? ~Checksum.updateInt(~checksum & 0xffff, from, to) & 0xffff
        : Checksum.updateInt(checksum, from, to);
  }

  /** Zero means "no checksum" in UDP (RFC 768). */
  private static int nonZero(int checksum) {
    return checksum == 0 ? 0xffff : checksum;
  }
}
