package io.podwire.packet;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;

/**
 * The fixed header of an IPv6 packet (RFC 8200), as a value; extension headers are payload.
 *
 * @param payloadLength the octets behind the fixed header
 */
public record Ipv6Header(
    int trafficClass,
    int flowLabel,
    int payloadLength,
    int nextHeader,
    int hopLimit,
    IpAddress source,
    IpAddress destination) {

  public Ipv6Header {
    FieldRange.require("traffic class", trafficClass, 8);
    FieldRange.require("flow label", flowLabel, 20);
    FieldRange.require("IPv6 payload length", payloadLength, 16);
    FieldRange.require("next header", nextHeader, 8);
    FieldRange.require("hop limit", hopLimit, 8);
  }

  /** A packet with a hop limit of 64. */
  public static Ipv6Header of(
      IpAddress source, IpAddress destination, int nextHeader, int payloadLength) {
    return new Ipv6Header(0, 0, payloadLength, nextHeader, 64, source, destination);
  }

  /** Takes the values out of a checked view. */
  public static Ipv6Header parse(Ipv6View view) {
    return new Ipv6Header(
        view.trafficClass(),
        view.flowLabel(),
        view.payloadLength(),
        view.nextHeader(),
        view.hopLimit(),
        new IpAddress(view.sourceHigh(), view.sourceLow()),
        new IpAddress(view.destinationHigh(), view.destinationLow()));
  }

  /** Writes the header and returns its length. */
  public int emit(ByteBuffer buffer, int offset) {
    new Ipv6View()
        .wrap(buffer, offset, Ipv6View.HEADER_LENGTH + payloadLength)
        .setTraffic(trafficClass, flowLabel)
        .setPayloadLength(payloadLength)
        .setNextHeader(nextHeader)
        .setHopLimit(hopLimit)
        .setSource(source.high(), source.low())
        .setDestination(destination.high(), destination.low());
    return Ipv6View.HEADER_LENGTH;
  }
}
