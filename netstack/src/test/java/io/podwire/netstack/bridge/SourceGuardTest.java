package io.podwire.netstack.bridge;

import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.netstack.neighbor.DiscoveryFrames;
import io.podwire.netstack.neighbor.DiscoveryView;
import io.podwire.packet.ArpView;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceGuardTest {

  private static final IpAddress IP = IpAddress.parse("10.244.1.2");
  private static final IpAddress IPV6 = IpAddress.parse("fd00::2");
  private static final IpAddress OTHER_IP = IpAddress.parse("10.244.1.3");
  private static final MacAddress MAC = MacAddress.of(IP);
  private static final MacAddress OTHER_MAC = MacAddress.of(OTHER_IP);

  private final SourceGuard guard = SourceGuard.only(MAC, IP);

  private static Frame arp(MacAddress outer, MacAddress inner, IpAddress sender) {
    Frame frame = ArpFrames.request(inner, sender, OTHER_IP);
    new EthernetView().wrap(frame.buffer(), frame.start(), frame.length()).setSource(outer.value());
    return frame;
  }

  @Test
  void shouldPassItsOwnAddresses() {
    assertThat(guard.check(udp("10.244.1.2", "10.0.0.9").frame())).isNull();
    assertThat(guard.check(arp(MAC, MAC, IP))).isNull();
  }

  @Test
  void shouldPassAnArpProbe() {
    assertThat(guard.check(arp(MAC, MAC, IpAddress.parse("0.0.0.0")))).isNull();
  }

  @Test
  void shouldRefuseAnotherMac() {
    assertThat(guard.check(udp("10.244.1.2", "10.0.0.9").from(OTHER_MAC).frame()))
        .isEqualTo(DropReason.SPOOFED_MAC);
    assertThat(guard.check(arp(OTHER_MAC, MAC, IP))).isEqualTo(DropReason.SPOOFED_MAC);
    assertThat(guard.check(arp(MAC, OTHER_MAC, IP))).isEqualTo(DropReason.SPOOFED_MAC);
  }

  @Test
  void shouldRefuseAnotherIp() {
    assertThat(guard.check(udp("10.244.1.3", "10.0.0.9").from(MAC).frame()))
        .isEqualTo(DropReason.SPOOFED_IP);
    assertThat(guard.check(udp("0.0.0.0", "255.255.255.255").from(MAC).frame()))
        .isEqualTo(DropReason.SPOOFED_IP);
    assertThat(guard.check(arp(MAC, MAC, OTHER_IP))).isEqualTo(DropReason.SPOOFED_IP);
  }

  @Test
  void shouldTakeIpv6FromItsOwnAddressAndItsLinkLocalOne() {
    SourceGuard both = SourceGuard.only(MAC, List.of(IP, IPV6));
    assertThat(both.check(udp("fd00::2", "fd00::9").from(MAC).frame())).isNull();
    assertThat(both.check(udp(linkLocal(), "fd00::9").from(MAC).frame())).isNull();
    assertThat(both.check(udp("10.244.1.2", "10.0.0.9").from(MAC).frame())).isNull();
    for (String foreign : List.of("fd00::3", "fe80::1", "::")) {
      assertThat(both.check(udp(foreign, "fd00::9").from(MAC).frame()))
          .as(foreign)
          .isEqualTo(DropReason.SPOOFED_IP);
    }
    assertThat(both.check(udp("fd00::2", "fd00::9").from(OTHER_MAC).frame()))
        .isEqualTo(DropReason.SPOOFED_MAC);
    assertThat(guard.check(udp("fd00::2", "fd00::9").from(MAC).frame()))
        .as("without an address of that family")
        .isEqualTo(DropReason.SPOOFED_IP);
  }

  private static String linkLocal() {
    return DiscoveryFrames.linkLocal(MAC).toString();
  }

  @Test
  void shouldLetNobodyDiscoverForOthers() {
    SourceGuard both = SourceGuard.only(MAC, List.of(IP, IPV6));
    IpAddress other = IpAddress.parse("fd00::3");
    assertThat(both.check(DiscoveryFrames.solicitation(MAC, IPV6, other))).isNull();
    Frame foreignMac = DiscoveryFrames.solicitation(OTHER_MAC, IPV6, other);
    new EthernetView()
        .wrap(foreignMac.buffer(), foreignMac.start(), foreignMac.length())
        .setSource(MAC.value());
    assertThat(both.check(foreignMac)).isEqualTo(DropReason.SPOOFED_MAC);

    DiscoveryView question = new DiscoveryView();
    assertThat(question.read(DiscoveryFrames.solicitation(OTHER_MAC, other, IPV6))).isTrue();
    assertThat(both.check(DiscoveryFrames.advertisement(question, MAC))).isNull();
    Frame spoofed = DiscoveryFrames.solicitation(OTHER_MAC, IPV6, other);
    assertThat(question.read(spoofed)).isTrue();
    assertThat(both.check(DiscoveryFrames.advertisement(question, MAC)))
        .isEqualTo(DropReason.SPOOFED_IP);
  }

  @Test
  void shouldRefuseWhatItCannotRead() {
    Frame cut = udp("10.244.1.2", "10.0.0.9").frame();
    cut.truncate(EthernetView.HEADER_LENGTH + 19);
    assertThat(guard.check(cut)).isEqualTo(DropReason.MALFORMED_IPV4);
    Frame arp = arp(MAC, MAC, IP);
    arp.truncate(EthernetView.HEADER_LENGTH + ArpView.LENGTH - 1);
    assertThat(guard.check(arp)).isEqualTo(DropReason.MALFORMED_ARP);
  }

  @Test
  void shouldPassEverythingWhereItIsOff() {
    assertThat(SourceGuard.off().check(udp("1.1.1.1", "2.2.2.2").from(OTHER_MAC).frame())).isNull();
  }
}
