package io.podwire.netstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import org.junit.jupiter.api.Test;

/** What a Pod that speaks IPv6 gets to hear on its node's bridge (RFC 4861). */
class DiscoveryTest {

  private static final int MESSAGE = 24;
  private static final long SOLICITED_NODE_MAC = 0x3333_ff00_0000L;

  private final TestNetwork network = TestNetwork.ofNodes(1);
  private final TestNode node = network.node(1);
  private final TestPod pod = node.addPod(2);
  private final TestPod neighbour = node.addPod(3);

  /** A host's link-local address, from its MAC by EUI-64. */
  private static IpAddress linkLocal(MacAddress mac) {
    String[] octet = mac.toString().split(":");
    int first = Integer.parseInt(octet[0], 16) ^ 0x02;
    return IpAddress.parse(
        "fe80::%x%s:%sff:fe%s:%s%s"
            .formatted(first, octet[1], octet[2], octet[3], octet[4], octet[5]));
  }

  private void solicit(IpAddress target) {
    IpAddress source = linkLocal(pod.mac());
    int length = EthernetView.HEADER_LENGTH + Ipv6View.HEADER_LENGTH + MESSAGE;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView()
        .wrap(frame.buffer(), frame.start(), length)
        .set(SOLICITED_NODE_MAC | target.low() & 0xff_ffffL, pod.mac().value(), EtherType.IPV6);
    int at = frame.start() + EthernetView.HEADER_LENGTH;
    Ipv6View ip =
        new Ipv6View()
            .wrap(frame.buffer(), at, length - EthernetView.HEADER_LENGTH)
            .setTraffic(0, 0)
            .setPayloadLength(MESSAGE)
            .setNextHeader(IpProtocol.ICMPV6)
            .setHopLimit(Icmpv6View.DISCOVERY_HOP_LIMIT)
            .setSource(source.high(), source.low())
            .setDestination(0xff02L << 48, 0x0000_0001_ff00_0000L | target.low() & 0xff_ffffL);
    new Icmpv6View()
        .wrap(frame.buffer(), at + Ipv6View.HEADER_LENGTH, MESSAGE)
        .setType(Icmpv6Type.NEIGHBOR_SOLICITATION)
        .setCode(0)
        .setTarget(target.high(), target.low())
        .computeChecksum(ip.pseudoHeader());
    pod.sendFrame(frame);
    network.run();
  }

  @Test
  void shouldAdvertiseTheGatewayToAPodThatAsks() {
    solicit(linkLocal(node.gatewayMac()));

    assertThat(pod.takeFrames()).hasSize(1).allMatch(this::isAdvertisementOfTheGateway);
    assertThat(neighbour.takeFrames()).isEmpty();
    assertThat(node.drops(DropReason.IPV6_NOT_ENABLED)).isZero();
  }

  private boolean isAdvertisementOfTheGateway(Frame frame) {
    EthernetView ethernet = new EthernetView().wrap(frame.buffer(), frame.start(), frame.length());
    Ipv6View ip =
        new Ipv6View().wrap(frame.buffer(), ethernet.payloadOffset(), ethernet.payloadLength());
    Icmpv6View icmp =
        new Icmpv6View().wrap(frame.buffer(), ip.transportOffset(), ip.transportLength());
    return ethernet.source() == node.gatewayMac().value()
        && icmp.type() == Icmpv6Type.NEIGHBOR_ADVERTISEMENT
        && icmp.targetLinkLayer() == node.gatewayMac().value()
        && icmp.isIntact(ip.pseudoHeader());
  }

  @Test
  void shouldCountQuestionsForOthersAndCarryNoneOfThem() {
    solicit(linkLocal(neighbour.mac()));

    assertThat(pod.takeFrames()).isEmpty();
    assertThat(neighbour.takeFrames()).isEmpty();
    assertThat(node.drops(DropReason.IPV6_NOT_ENABLED)).isEqualTo(1);
  }
}
