package io.podwire.netstack.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NeighborDiscoveryTest {

  private static final IpAddress GATEWAY = IpAddress.parse("fd00:1::1");
  private static final IpAddress POD = IpAddress.parse("fd00:1::2");
  private static final MacAddress GATEWAY_MAC = MacAddress.parse("0a:58:00:00:00:01");
  private static final MacAddress POD_MAC = MacAddress.parse("0a:58:00:00:00:02");
  private static final int MESSAGE = 24;

  private final NeighborDiscovery discovery = NeighborDiscovery.of(GATEWAY_MAC, List.of(GATEWAY));

  private static Frame solicitation(IpAddress target, int hopLimit) {
    return solicitation(POD, target, hopLimit);
  }

  private static Frame solicitation(IpAddress source, IpAddress target, int hopLimit) {
    int length = EthernetView.HEADER_LENGTH + Ipv6View.HEADER_LENGTH + MESSAGE;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView()
        .wrap(frame.buffer(), frame.start(), length)
        .set(GATEWAY_MAC.value(), POD_MAC.value(), EtherType.IPV6);
    int at = frame.start() + EthernetView.HEADER_LENGTH;
    Ipv6View ip =
        new Ipv6View()
            .wrap(frame.buffer(), at, length - EthernetView.HEADER_LENGTH)
            .setTraffic(0, 0)
            .setPayloadLength(MESSAGE)
            .setNextHeader(IpProtocol.ICMPV6)
            .setHopLimit(hopLimit)
            .setSource(source.high(), source.low())
            .setDestination(GATEWAY.high(), GATEWAY.low());
    new Icmpv6View()
        .wrap(frame.buffer(), at + Ipv6View.HEADER_LENGTH, MESSAGE)
        .setType(Icmpv6Type.NEIGHBOR_SOLICITATION)
        .setCode(0)
        .setTarget(target.high(), target.low())
        .computeChecksum(ip.pseudoHeader());
    return frame;
  }

  @Test
  void shouldAdvertiseItsOwnAddress() {
    Frame answer = Objects.requireNonNull(discovery.answer(solicitation(GATEWAY, 255)));

    EthernetView ethernet =
        new EthernetView().wrap(answer.buffer(), answer.start(), answer.length());
    assertThat(ethernet.destination()).isEqualTo(POD_MAC.value());
    assertThat(ethernet.source()).isEqualTo(GATEWAY_MAC.value());
    Ipv6View ip =
        new Ipv6View().wrap(answer.buffer(), ethernet.payloadOffset(), ethernet.payloadLength());
    assertThat(ip.hopLimit()).isEqualTo(255);
    assertThat(new IpAddress(ip.destinationHigh(), ip.destinationLow())).isEqualTo(POD);
    Icmpv6View icmp =
        new Icmpv6View().wrap(answer.buffer(), ip.transportOffset(), ip.transportLength());
    assertThat(icmp.type()).isEqualTo(Icmpv6Type.NEIGHBOR_ADVERTISEMENT);
    assertThat(icmp.isIntact(ip.pseudoHeader())).isTrue();
    assertThat(new IpAddress(icmp.targetHigh(), icmp.targetLow())).isEqualTo(GATEWAY);
  }

  @Test
  void shouldTellEveryoneWhenSomebodyIsAboutToTakeTheAddress() {
    IpAddress unspecified = IpAddress.parse("::");
    Frame answer =
        Objects.requireNonNull(discovery.answer(solicitation(unspecified, GATEWAY, 255)));

    EthernetView ethernet =
        new EthernetView().wrap(answer.buffer(), answer.start(), answer.length());
    assertThat(ethernet.destination()).isEqualTo(0x3333_0000_0001L);
    Ipv6View ip =
        new Ipv6View().wrap(answer.buffer(), ethernet.payloadOffset(), ethernet.payloadLength());
    assertThat(new IpAddress(ip.destinationHigh(), ip.destinationLow())).hasToString("ff02::1");
    Icmpv6View icmp =
        new Icmpv6View().wrap(answer.buffer(), ip.transportOffset(), ip.transportLength());
    assertThat(icmp.isSolicited()).isFalse();
    assertThat(icmp.isIntact(ip.pseudoHeader())).isTrue();
  }

  @Test
  void shouldDeriveTheLinkLocalAddressFromTheMac() {
    NeighborDiscovery linkLocal =
        NeighborDiscovery.of(GATEWAY_MAC, List.of(DiscoveryFrames.linkLocal(GATEWAY_MAC)));

    assertThat(linkLocal.answer(solicitation(IpAddress.parse("fe80::858:ff:fe00:1"), 255)))
        .isNotNull();
    assertThat(linkLocal.answer(solicitation(GATEWAY, 255))).isNull();
  }

  @Test
  void shouldNotAnswerForOthersNorForWhatARouterHasForwarded() {
    assertThat(discovery.answer(solicitation(POD, 255))).isNull();
    assertThat(discovery.answer(solicitation(GATEWAY, 254))).isNull();
  }

  @Test
  void shouldNotAnswerADamagedOrTruncatedQuestion() {
    for (int length = EthernetView.HEADER_LENGTH; length < 78; length++) {
      Frame cut = solicitation(GATEWAY, 255);
      cut.truncate(length);
      assertThat(discovery.answer(cut)).as("%d octets", length).isNull();
    }
    Frame damaged = solicitation(GATEWAY, 255);
    damaged.buffer().put(damaged.end() - 17, (byte) 0x55);
    assertThat(discovery.answer(damaged)).isNull();
  }
}
