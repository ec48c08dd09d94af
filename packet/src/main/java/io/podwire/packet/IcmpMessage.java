package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * An ICMP message for IPv4 (RFC 792), as a value; its checksum is computed on writing.
 *
 * @param rest the four octets behind the checksum, which mean different things by type
 * @param body an echo's data, or the packet that an error quotes
 */
public record IcmpMessage(int type, int code, int rest, Octets body) {

  public IcmpMessage {
    FieldRange.require("ICMP type", type, 8);
    FieldRange.require("ICMP code", code, 8);
  }

  public static IcmpMessage echoRequest(int identifier, int sequence, Octets data) {
    FieldRange.require("echo identifier", identifier, 16);
    FieldRange.require("echo sequence", sequence, 16);
    return new IcmpMessage(IcmpType.ECHO_REQUEST, 0, (identifier << 16) | sequence, data);
  }

  /** The answer to this echo request. */
  public IcmpMessage echoReply() {
    return new IcmpMessage(IcmpType.ECHO_REPLY, 0, rest, body);
  }

  public static IcmpMessage unreachable(int code, Octets quoted) {
    return new IcmpMessage(IcmpType.UNREACHABLE, code, 0, quoted);
  }

  /** Tells the largest packet that the next hop takes (RFC 1191). */
  public static IcmpMessage fragmentationNeeded(int nextHopMtu, Octets quoted) {
    FieldRange.require("next-hop MTU", nextHopMtu, 16);
    return new IcmpMessage(IcmpType.UNREACHABLE, IcmpType.FRAGMENTATION_NEEDED, nextHopMtu, quoted);
  }

  public static IcmpMessage timeExceeded(Octets quoted) {
    return new IcmpMessage(IcmpType.TIME_EXCEEDED, IcmpType.IN_TRANSIT, 0, quoted);
  }

  /** Takes the values out of a checked view. */
  public static IcmpMessage parse(IcmpView view) {
    return new IcmpMessage(
        view.type(),
        view.code(),
        view.rest(),
        Octets.copyOf(view.buffer(), view.bodyOffset(), view.bodyLength()));
  }

  public int length() {
    return IcmpView.HEADER_LENGTH + body.length();
  }

  /** Writes the message with its checksum and returns its length. */
  public int emit(ByteBuffer buffer, int offset) {
    body.emit(buffer, offset + IcmpView.HEADER_LENGTH);
    new IcmpView()
        .wrap(buffer, offset, length())
        .setType(type)
        .setCode(code)
        .setRest(rest)
        .computeChecksum();
    return length();
  }
}
