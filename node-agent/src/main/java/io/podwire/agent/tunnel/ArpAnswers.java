package io.podwire.agent.tunnel;

import io.podwire.linux.Link;
import io.podwire.linux.PacketSocket;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.packet.ArpView;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** IPv4's way (RFC 826; announcements: RFC 5227, section 3). */
final class ArpAnswers implements AddressAnswers {

  private final MacAddress mac;
  private final EthernetView ethernet = new EthernetView();
  private final ArpView arp = new ArpView();

  ArpAnswers(MacAddress mac) {
    this.mac = mac;
  }

  /** Hears every question on the link, in the calling thread's network namespace. */
  static PacketSocket listen(Link link) {
    return PacketSocket.open(link.index(), EtherType.ARP);
  }

  @Override
  public @Nullable Frame answer(byte[] question, Set<IpAddress> addresses) {
    ByteBuffer buffer = ByteBuffer.wrap(question);
    int header = EthernetView.HEADER_LENGTH;
    return ethernet.wrap(buffer, 0, question.length).check() == Defect.NONE
            && arp.wrap(buffer, header, question.length - header).check() == Defect.NONE
            && arp.operation() == ArpView.REQUEST
            && addresses.contains(IpAddress.ofIpv4(arp.targetIp()))
        ? ArpFrames.reply(arp, mac)
        : null;
  }

  @Override
  public Frame announcement(IpAddress address) {
    return ArpFrames.request(mac, address, address);
  }
}
