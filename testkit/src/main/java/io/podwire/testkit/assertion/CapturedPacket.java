package io.podwire.testkit.assertion;

import io.podwire.packet.EtherType;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Octets;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.filter.FrameHeaders;
import io.podwire.packet.pcap.PcapngWriter.Passage;
import io.podwire.packet.pcap.PcapngWriter.Way;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * One packet as a capture has seen it. Ports and flags that it does not have are {@link
 * FrameHeaders#NONE}.
 *
 * @param time when it passed
 * @param way seen from the Pod: what it sends is outbound
 * @param etherType of the frame (IEEE 802)
 * @param protocol the transport's number (IANA)
 * @param source null where the frame has no addresses
 * @param destination null where the frame has no addresses
 * @param length octets on the link, the Ethernet header included
 * @param comment why it went no further; empty where it did
 * @param payload what the transport carries, as far as it was captured
 */
public record CapturedPacket(
    Instant time,
    Way way,
    int etherType,
    int protocol,
    @Nullable IpAddress source,
    @Nullable IpAddress destination,
    int sourcePort,
    int destinationPort,
    int tcpFlags,
    int length,
    String comment,
    Octets payload) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneId.systemDefault());
  private static final long NANOS = 1_000_000_000L;
  private static final int UDP_HEADER = 8;
  private static final int TCP_DATA_OFFSET = 12;

  /** Reads a frame of which these octets were captured. */
  public static CapturedPacket read(Passage passage, ByteBuffer block, int offset, int captured) {
    FrameHeaders headers = new FrameHeaders().read(block, offset, captured);
    boolean addressed = headers.hasAddresses();
    int payload = payloadOffset(headers, block, offset + captured);
    return new CapturedPacket(
        Instant.ofEpochSecond(passage.epochNanos() / NANOS, passage.epochNanos() % NANOS),
        passage.way(),
        headers.etherType(),
        headers.protocol(),
        addressed ? headers.source() : null,
        addressed ? headers.destination() : null,
        headers.sourcePort(),
        headers.destinationPort(),
        headers.tcpFlags(),
        passage.length(),
        passage.comment(),
        Octets.copyOf(block, payload, offset + captured - payload));
  }

  private static int payloadOffset(FrameHeaders headers, ByteBuffer block, int end) {
    int transport = headers.transportOffset();
    if (transport == FrameHeaders.NONE) {
      return end;
    }
    int at =
        switch (headers.protocol()) {
          case IpProtocol.UDP -> transport + UDP_HEADER;
          case IpProtocol.TCP ->
              headers.tcpFlags() == FrameHeaders.NONE
                  ? end
                  // RFC 9293, section 3.1: words of four octets, in the upper half of the octet.
                  : transport + (block.get(transport + TCP_DATA_OFFSET) >> 4 & 0xf) * 4;
          default -> transport;
        };
    return Math.min(at, end);
  }

  /** The payload read as ISO 8859-1, so that any octets are a text to search in. */
  public String text() {
    return new String(payload.toBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Whether it went no further. */
  public boolean dropped() {
    return !comment.isEmpty();
  }

  /** As {@code podwire capture} prints it. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(TIME.format(time));
    line.append(way == Way.INBOUND ? " in  " : way == Way.OUTBOUND ? " out " : "     ");
    if (source == null || destination == null) {
      line.append("EtherType 0x%04x".formatted(etherType & 0xffff));
    } else {
      line.append(end(source, sourcePort)).append(" > ").append(end(destination, destinationPort));
      line.append(' ').append(protocolName());
      if (tcpFlags > 0) {
        line.append(' ').append(TcpFlags.toString(tcpFlags));
      }
    }
    line.append(" length ").append(length);
    return comment.isEmpty() ? line.toString() : line.append("  ").append(comment).toString();
  }

  private static String end(IpAddress address, int port) {
    if (port == FrameHeaders.NONE) {
      return address.toString();
    }
    return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
  }

  private String protocolName() {
    if (etherType == EtherType.ARP) {
      return "ARP";
    }
    return switch (protocol) {
      case IpProtocol.TCP -> "TCP";
      case IpProtocol.UDP -> "UDP";
      case IpProtocol.SCTP -> "SCTP";
      case IpProtocol.ICMP -> "ICMP";
      case IpProtocol.ICMPV6 -> "ICMPv6";
      default -> "protocol " + protocol;
    };
  }
}
