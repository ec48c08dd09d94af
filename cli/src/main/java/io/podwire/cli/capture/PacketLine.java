package io.podwire.cli.capture;

import io.podwire.packet.ArpView;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.filter.FrameHeaders;
import io.podwire.packet.pcap.PcapngWriter.Passage;
import io.podwire.packet.pcap.PcapngWriter.Way;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A packet as one line: time, way, addresses, protocol, flags, length, and why it was dropped. */
final class PacketLine {
  private static final long NANOS = 1_000_000_000L;
  private static final int ICMP_CODE = 1;

  private final DateTimeFormatter time;
  private final FrameHeaders headers = new FrameHeaders();

  PacketLine(ZoneId zone) {
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(zone);
  }

  /** The line, without its end. */
  String text(Passage passage, ByteBuffer buffer, int offset, int captured) {
    headers.read(buffer, offset, captured);
    StringBuilder line = new StringBuilder();
    Instant at = Instant.ofEpochSecond(passage.epochNanos() / NANOS, passage.epochNanos() % NANOS);
    line.append(time.format(at)).append(way(passage.way()));
    if (headers.etherType() == EtherType.ARP && headers.hasAddresses()) {
      appendArp(line, buffer, offset, captured);
    } else if (headers.hasAddresses()) {
      appendPacket(line, buffer, offset + captured);
    } else {
      line.append("EtherType 0x%04x".formatted(headers.etherType() & 0xffff));
    }
    line.append(" length ").append(passage.length());
    if (passage.missed() > 0) {
      line.append("  (").append(passage.missed()).append(" before it were not captured)");
    }
    if (!passage.comment().isEmpty()) {
      line.append("  ").append(passage.comment());
    }
    return line.toString();
  }

  private static String way(Way way) {
    return switch (way) {
      case INBOUND -> " in  ";
      case OUTBOUND -> " out ";
      case UNKNOWN -> "     ";
    };
  }

  private void appendArp(StringBuilder line, ByteBuffer buffer, int offset, int captured) {
    EthernetView ethernet = new EthernetView().wrap(buffer, offset, captured);
    int at = ethernet.payloadOffset();
    boolean asks =
        new ArpView().wrap(buffer, at, offset + captured - at).operation() == ArpView.REQUEST;
    line.append(headers.source())
        .append(asks ? " > who has " : " > has told ")
        .append(headers.destination())
        .append(" ARP");
  }

  private void appendPacket(StringBuilder line, ByteBuffer buffer, int end) {
    append(line, headers.source(), headers.sourcePort());
    line.append(" > ");
    append(line, headers.destination(), headers.destinationPort());
    line.append(' ').append(protocol());
    int transport = headers.transportOffset();
    if (headers.tcpFlags() > 0) {
      line.append(' ').append(TcpFlags.toString(headers.tcpFlags()));
    } else if (isIcmp() && transport >= 0 && transport + ICMP_CODE < end) {
      line.append(" type ").append(Byte.toUnsignedInt(buffer.get(transport)));
      line.append(" code ").append(Byte.toUnsignedInt(buffer.get(transport + ICMP_CODE)));
    } else if (transport == FrameHeaders.NONE) {
      line.append(" fragment");
    }
  }

  private static void append(StringBuilder line, IpAddress address, int port) {
    if (port == FrameHeaders.NONE) {
      line.append(address);
    } else if (address.isIpv4()) {
      line.append(address).append(':').append(port);
    } else {
      line.append('[').append(address).append("]:").append(port);
    }
  }

  private boolean isIcmp() {
    return headers.protocol() == IpProtocol.ICMP || headers.protocol() == IpProtocol.ICMPV6;
  }

  private String protocol() {
    return switch (headers.protocol()) {
      case IpProtocol.TCP -> "TCP";
      case IpProtocol.UDP -> "UDP";
      case IpProtocol.SCTP -> "SCTP";
      case IpProtocol.ICMP -> "ICMP";
      case IpProtocol.ICMPV6 -> "ICMPv6";
      default -> "protocol " + headers.protocol();
    };
  }
}
