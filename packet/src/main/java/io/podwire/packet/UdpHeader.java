package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * The header of a UDP datagram (RFC 768), as a value.
 *
 * <p>It is written with a checksum of 0; {@link UdpView#computeChecksum} fills it in once the
 * payload is there.
 *
 * @param payloadLength in octets
 */
public record UdpHeader(int sourcePort, int destinationPort, int payloadLength) {

  public UdpHeader {
    FieldRange.require("UDP source port", sourcePort, 16);
    FieldRange.require("UDP destination port", destinationPort, 16);
    FieldRange.require("UDP payload length", payloadLength, 16);
    FieldRange.require("UDP length", UdpView.HEADER_LENGTH + payloadLength, 16);
  }

  /** Takes the values out of a checked view. */
  public static UdpHeader parse(UdpView view) {
    return new UdpHeader(view.sourcePort(), view.destinationPort(), view.payloadLength());
  }

  /** Writes the header and returns its length. */
  public int emit(ByteBuffer buffer, int offset) {
    new UdpView()
        .wrap(buffer, offset, UdpView.HEADER_LENGTH + payloadLength)
        .setSourcePort(sourcePort)
        .setDestinationPort(destinationPort)
        .setDatagramLength(UdpView.HEADER_LENGTH + payloadLength)
        .setChecksum(0);
    return UdpView.HEADER_LENGTH;
  }
}
