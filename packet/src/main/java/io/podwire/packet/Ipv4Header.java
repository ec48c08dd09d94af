package io.podwire.packet;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;

/**
 * The header of an IPv4 packet (RFC 791), as a value; its checksum is computed on writing.
 *
 * @param fragmentOffset in octets, a multiple of 8
 * @param options raw, padded to a multiple of 4 octets, at most 40
 * @param payloadLength in octets
 */
public record Ipv4Header(
    int dscp,
    int ecn,
    int identification,
    boolean dontFragment,
    boolean moreFragments,
    int fragmentOffset,
    int timeToLive,
    int protocol,
    IpAddress source,
    IpAddress destination,
    Octets options,
    int payloadLength) {

  private static final int MAX_OPTIONS = Ipv4View.MAX_HEADER_LENGTH - Ipv4View.HEADER_LENGTH;

  public Ipv4Header {
    FieldRange.require("DSCP", dscp, 6);
    FieldRange.require("ECN", ecn, 2);
    FieldRange.require("IPv4 identification", identification, 16);
    FieldRange.require("fragment offset", fragmentOffset, 16);
    FieldRange.require("time to live", timeToLive, 8);
    FieldRange.require("protocol", protocol, 8);
    FieldRange.require(
        "IPv4 total length", Ipv4View.HEADER_LENGTH + options.length() + payloadLength, 16);
    FieldRange.require("IPv4 payload length", payloadLength, 16);
    if (fragmentOffset % 8 != 0) {
      throw new IllegalArgumentException(
          "fragment offset must be a multiple of 8 octets, got " + fragmentOffset);
    }
    if (options.length() % 4 != 0 || options.length() > MAX_OPTIONS) {
      throw new IllegalArgumentException(
          "IPv4 options must be padded to a multiple of 4 octets, at most 40, got "
              + options.length());
    }
    if (!source.isIpv4() || !destination.isIpv4()) {
      throw new IllegalArgumentException(
          "an IPv4 header needs IPv4 addresses, got " + source + " and " + destination);
    }
  }

  /** A whole packet with a TTL of 64, without options, that may not be fragmented. */
  public static Ipv4Header of(
      IpAddress source, IpAddress destination, int protocol, int payloadLength) {
    return new Ipv4Header(
        0, 0, 0, true, false, 0, 64, protocol, source, destination, Octets.EMPTY, payloadLength);
  }

  /** Takes the values out of a checked view. */
  public static Ipv4Header parse(Ipv4View view) {
    return new Ipv4Header(
        view.dscp(),
        view.ecn(),
        view.identification(),
        view.dontFragment(),
        view.moreFragments(),
        view.fragmentOffset(),
        view.timeToLive(),
        view.protocol(),
        IpAddress.ofIpv4(view.source()),
        IpAddress.ofIpv4(view.destination()),
        Octets.copyOf(
            view.buffer(),
            view.offset() + Ipv4View.HEADER_LENGTH,
            view.headerLength() - Ipv4View.HEADER_LENGTH),
        view.payloadLength());
  }

  public int length() {
    return Ipv4View.HEADER_LENGTH + options.length();
  }

  /** Writes the header with its checksum and returns its length. */
  public int emit(ByteBuffer buffer, int offset) {
    options.emit(buffer, offset + Ipv4View.HEADER_LENGTH);
    new Ipv4View()
        .wrap(buffer, offset, length() + payloadLength)
        .setHeaderLength(length())
        .setDscp(dscp)
        .setEcn(ecn)
        .setTotalLength(length() + payloadLength)
        .setIdentification(identification)
        .setFragment(dontFragment, moreFragments, fragmentOffset)
        .setTimeToLive(timeToLive)
        .setProtocol(protocol)
        .setSource(source.ipv4Bits())
        .setDestination(destination.ipv4Bits())
        .computeChecksum();
    return length();
  }
}
