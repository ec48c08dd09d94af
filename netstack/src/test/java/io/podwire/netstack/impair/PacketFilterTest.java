package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.ImpairedLink.LOCAL;
import static io.podwire.netstack.impair.ImpairedLink.PEER;
import static io.podwire.netstack.wire.PacketBuilder.fragment;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.netstack.impair.model.Corruption;
import io.podwire.netstack.impair.model.EcnMarking;
import io.podwire.netstack.impair.model.RandomLoss;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which packets a fault acts on. */
class PacketFilterTest {

  private static final List<PortRange> ANY = List.of();

  private static boolean matches(PacketFilter filter, Direction direction, Frame frame) {
    PacketHeaders headers = new PacketHeaders();
    headers.read(frame);
    return new PacketMatcher(filter, direction, false).matches(headers);
  }

  private static boolean leaving(PacketFilter filter, Frame frame) {
    return matches(filter, Direction.EGRESS, frame);
  }

  private static boolean coming(PacketFilter filter, Frame frame) {
    return matches(filter, Direction.INGRESS, frame);
  }

  private static PacketFilter peers(String... networks) {
    return PacketFilter.peers(List.of(networks).stream().map(Cidr::parse).toList());
  }

  private static PacketFilter ports(
      List<PortRange> local, List<PortRange> peer, List<PortRange> either) {
    return new PacketFilter(List.of(), List.of(), PacketFilter.ANY_PROTOCOL, local, peer, either);
  }

  private static Frame ipv6(String from, String to, int protocol, int firstWord) {
    int length = EthernetView.HEADER_LENGTH + Ipv6View.HEADER_LENGTH + 8;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    new EthernetView().wrap(frame.buffer(), frame.start(), length).set(1, 2, EtherType.IPV6);
    IpAddress source = IpAddress.parse(from);
    IpAddress destination = IpAddress.parse(to);
    Ipv6View ip =
        new Ipv6View()
            .wrap(frame.buffer(), frame.start() + EthernetView.HEADER_LENGTH, length - 14)
            .setTraffic(0, 0)
            .setPayloadLength(8)
            .setNextHeader(protocol)
            .setSource(source.high(), source.low())
            .setDestination(destination.high(), destination.low());
    frame.buffer().putInt(ip.payloadOffset(), firstWord);
    return frame;
  }

  @Test
  void shouldLookAtThePeersAddressByDirection() {
    Frame frame = tcp(LOCAL, PEER).ports(4000, 80).frame();

    assertThat(leaving(peers(PEER + "/32"), frame)).isTrue();
    assertThat(leaving(peers(LOCAL + "/32"), frame)).isFalse();
    assertThat(coming(peers(LOCAL + "/32"), frame)).isTrue();
    assertThat(coming(peers(PEER + "/32"), frame)).isFalse();
    assertThat(leaving(peers("192.0.2.0/24", "10.244.2.0/24"), frame)).isTrue();
    assertThat(leaving(peers("192.0.2.0/24"), frame)).isFalse();
    assertThat(leaving(peers("0.0.0.0/0"), frame)).isTrue();
    assertThat(leaving(peers("::/0"), ipv6("fd00::1", "fd00::2", IpProtocol.UDP, 0))).isTrue();
    assertThat(leaving(PacketFilter.ALL, frame)).isTrue();
  }

  @Test
  void shouldLookAtIpv6() {
    Frame frame = ipv6("fd00:1::1", "fd00:2::1", IpProtocol.UDP, (4000 << 16) | 53);

    assertThat(leaving(peers("fd00:2::/32"), frame)).isTrue();
    assertThat(leaving(peers("fd00:2::1/128"), frame)).isTrue();
    assertThat(leaving(peers("fd00:1::/32"), frame)).isFalse();
    assertThat(leaving(ports(ANY, List.of(PortRange.of(53)), ANY), frame)).isTrue();
    assertThat(coming(ports(ANY, List.of(PortRange.of(53)), ANY), frame)).isFalse();
  }

  @Test
  void shouldLookAtTheProtocol() {
    PacketFilter filter = new PacketFilter(List.of(), List.of(), IpProtocol.UDP, ANY, ANY, ANY);

    assertThat(leaving(filter, udp(LOCAL, PEER).ports(1, 2).frame())).isTrue();
    assertThat(leaving(filter, tcp(LOCAL, PEER).ports(1, 2).frame())).isFalse();
    assertThat(leaving(filter, ping(LOCAL, PEER, 1).frame())).isFalse();
  }

  @Test
  void shouldLookAtPortsByDirection() {
    List<PortRange> web = List.of(PortRange.of(443), new PortRange(80, 90));
    Frame toWeb = tcp(LOCAL, PEER).ports(4000, 85).frame();
    Frame fromWeb = tcp(LOCAL, PEER).ports(85, 4000).frame();

    assertThat(leaving(ports(ANY, web, ANY), toWeb)).isTrue();
    assertThat(leaving(ports(ANY, web, ANY), fromWeb)).isFalse();
    assertThat(leaving(ports(web, ANY, ANY), fromWeb)).isTrue();
    assertThat(coming(ports(web, ANY, ANY), toWeb)).isTrue();
    assertThat(coming(ports(ANY, web, ANY), fromWeb)).isTrue();
    assertThat(leaving(ports(ANY, ANY, web), toWeb)).isTrue();
    assertThat(leaving(ports(ANY, ANY, web), fromWeb)).isTrue();
    assertThat(leaving(ports(ANY, ANY, web), tcp(LOCAL, PEER).ports(91, 79).frame())).isFalse();
    assertThat(leaving(ports(ANY, web, ANY), ping(LOCAL, PEER, 80).frame())).isFalse();
  }

  @Test
  void shouldMatchLaterFragmentsByTheirAddresses() {
    Frame later = fragment(IpProtocol.UDP, LOCAL, PEER, 1480, new byte[100]).frame();
    List<PortRange> dns = List.of(PortRange.of(53));

    assertThat(leaving(ports(ANY, dns, ANY), later)).isTrue();
    assertThat(
            leaving(
                new PacketFilter(
                    List.of(Cidr.parse("192.0.2.0/24")), List.of(), IpProtocol.UDP, ANY, dns, ANY),
                later))
        .isFalse();
    assertThat(
            leaving(new PacketFilter(List.of(), List.of(), IpProtocol.TCP, ANY, dns, ANY), later))
        .isFalse();
  }

  @Test
  void shouldLeaveExcludedPeersAlone() {
    Frame packet = fragment(IpProtocol.UDP, LOCAL, PEER, 0, new byte[100]).frame();
    Cidr peer = Cidr.parse(PEER + "/32");

    for (List<Cidr> peers : List.of(List.<Cidr>of(), List.of(peer))) {
      assertThat(
              leaving(
                  new PacketFilter(peers, List.of(peer), PacketFilter.ANY_PROTOCOL, ANY, ANY, ANY),
                  packet))
          .isFalse();
    }
  }

  @Test
  void shouldLeaveNeighbourDiscoveryAlone() {
    Frame solicitation = ipv6("fd00::1", "ff02::1", IpProtocol.ICMPV6, 135 << 24);
    Frame echo = ipv6("fd00::1", "fd00::2", IpProtocol.ICMPV6, 128 << 24);

    assertThat(leaving(PacketFilter.ALL, solicitation)).isFalse();
    assertThat(leaving(PacketFilter.ALL, echo)).isTrue();
  }

  @Test
  void shouldSurviveWhateverComes() {
    for (int length = 0; length < 60; length++) {
      for (int type : new int[] {EtherType.IPV4, EtherType.IPV6, EtherType.VLAN, 0x1234}) {
        Frame frame = Frame.allocate(100);
        frame.reset(Frame.HEADROOM, length);
        frame.buffer().putShort(frame.start() + 12, (short) type);
        frame.buffer().put(frame.start() + 14, (byte) 0x45);
        frame.buffer().put(frame.start() + 23, (byte) IpProtocol.UDP);
        leaving(ports(ANY, List.of(PortRange.of(1)), ANY), frame);
        ImpairedLink link =
            ImpairedLink.with(new Corruption(1), new RandomLoss(0.5), new EcnMarking());
        link.impairments.transmit(frame, 0);
        assertThat(link.impairments.pool().inUse()).isZero();
      }
    }
  }

  @Test
  void shouldRefuseWhatIsNoPortOrProtocol() {
    assertThatThrownBy(() -> new PortRange(90, 80)).hasMessageContaining("ports 90-80");
    assertThatThrownBy(() -> PortRange.of(70_000)).hasMessageContaining("0-65535");
    assertThatThrownBy(() -> new PacketFilter(List.of(), List.of(), 256, ANY, ANY, ANY))
        .hasMessageContaining("0-255");
  }
}
