package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * An ICMPv6 message (RFC 4443), as a value; {@link NdMessage} tells neighbor discovery's apart.
 *
 * @param rest the four octets behind the checksum, which mean different things by type
 * @param body an echo's data, or the packet that an error quotes
 */
public record Icmpv6Message(int type, int code, int rest, Octets body) {

  public Icmpv6Message {
    FieldRange.require("ICMPv6 type", type, 8);
    FieldRange.require("ICMPv6 code", code, 8);
  }

  public static Icmpv6Message echoRequest(int identifier, int sequence, Octets data) {
    FieldRange.require("echo identifier", identifier, 16);
    FieldRange.require("echo sequence", sequence, 16);
    return new Icmpv6Message(Icmpv6Type.ECHO_REQUEST, 0, (identifier << 16) | sequence, data);
  }

  /** The answer to this echo request. */
  public Icmpv6Message echoReply() {
    return new Icmpv6Message(Icmpv6Type.ECHO_REPLY, 0, rest, body);
  }

  public static Icmpv6Message unreachable(int code, Octets quoted) {
    return new Icmpv6Message(Icmpv6Type.UNREACHABLE, code, 0, quoted);
  }

  public static Icmpv6Message packetTooBig(int mtu, Octets quoted) {
    return new Icmpv6Message(Icmpv6Type.PACKET_TOO_BIG, 0, mtu, quoted);
  }

  public static Icmpv6Message timeExceeded(Octets quoted) {
    return new Icmpv6Message(Icmpv6Type.TIME_EXCEEDED, 0, 0, quoted);
  }

  /** Takes the values out of a checked view. */
  public static Icmpv6Message parse(Icmpv6View view) {
    return new Icmpv6Message(
        view.type(),
        view.code(),
        view.rest(),
        Octets.copyOf(view.buffer(), view.bodyOffset(), view.bodyLength()));
  }

  public int length() {
    return Icmpv6View.HEADER_LENGTH + body.length();
  }

  /** Writes the message with a checksum over this pseudo-header and returns its length. */
  public int emit(ByteBuffer buffer, int offset, long pseudoHeader) {
    body.emit(buffer, offset + Icmpv6View.HEADER_LENGTH);
    new Icmpv6View()
        .wrap(buffer, offset, length())
        .setType(type)
        .setCode(code)
        .setRest(rest)
        .computeChecksum(pseudoHeader);
    return length();
  }
}
