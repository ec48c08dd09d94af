package io.podwire.netstack.neighbor;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.ArpView;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;

/** Builds ARP frames (RFC 826). */
public final class ArpFrames {

  private ArpFrames() {}

  /** A broadcast question for an IPv4 address. */
  public static Frame request(MacAddress sender, IpAddress senderIp, IpAddress target) {
    return frame(
        MacAddress.BROADCAST.value(),
        sender.value(),
        ArpView.REQUEST,
        senderIp.ipv4Bits(),
        MacAddress.ZERO.value(),
        target.ipv4Bits());
  }

  /** The answer to a question: {@code owner} has what was asked for. */
  public static Frame reply(ArpView question, MacAddress owner) {
    return frame(
        question.senderMac(),
        owner.value(),
        ArpView.REPLY,
        question.targetIp(),
        question.senderMac(),
        question.senderIp());
  }

  private static Frame frame(
      long destination, long sender, int operation, int senderIp, long targetMac, int targetIp) {
    int length = EthernetView.HEADER_LENGTH + ArpView.LENGTH;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView()
        .wrap(frame.buffer(), frame.start(), length)
        .set(destination, sender, EtherType.ARP);
    new ArpView()
        .wrap(frame.buffer(), frame.start() + EthernetView.HEADER_LENGTH, ArpView.LENGTH)
        .setFormat()
        .setOperation(operation)
        .setSenderMac(sender)
        .setSenderIp(senderIp)
        .setTargetMac(targetMac)
        .setTargetIp(targetIp);
    return frame;
  }
}
