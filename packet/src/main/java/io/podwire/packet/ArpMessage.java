package io.podwire.packet;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;

/** An ARP message for IPv4 over Ethernet (RFC 826), as a value. */
public record ArpMessage(
    int operation,
    MacAddress senderMac,
    IpAddress senderIp,
    MacAddress targetMac,
    IpAddress targetIp) {

  public ArpMessage {
    FieldRange.require("ARP operation", operation, 16);
    if (!senderIp.isIpv4() || !targetIp.isIpv4()) {
      throw new IllegalArgumentException(
          "ARP resolves IPv4 addresses only, got " + senderIp + " and " + targetIp);
    }
  }

  /** Asks for the MAC of an address. */
  public static ArpMessage request(MacAddress senderMac, IpAddress senderIp, IpAddress targetIp) {
    return new ArpMessage(ArpView.REQUEST, senderMac, senderIp, MacAddress.ZERO, targetIp);
  }

  /** The answer to this request from the owner of the address. */
  @SuppressWarnings("ArgumentSelectionDefectChecker") // The requester becomes the target.
  public ArpMessage reply(MacAddress owner) {
    return new ArpMessage(ArpView.REPLY, owner, targetIp, senderMac, senderIp);
  }

  /** Takes the values out of a checked view. */
  public static ArpMessage parse(ArpView view) {
    return new ArpMessage(
        view.operation(),
        new MacAddress(view.senderMac()),
        IpAddress.ofIpv4(view.senderIp()),
        new MacAddress(view.targetMac()),
        IpAddress.ofIpv4(view.targetIp()));
  }

  /** Writes the message and returns its length. */
  public int emit(ByteBuffer buffer, int offset) {
    new ArpView()
        .wrap(buffer, offset, ArpView.LENGTH)
        .setFormat()
        .setOperation(operation)
        .setSenderMac(senderMac.value())
        .setSenderIp(senderIp.ipv4Bits())
        .setTargetMac(targetMac.value())
        .setTargetIp(targetIp.ipv4Bits());
    return ArpView.LENGTH;
  }
}
