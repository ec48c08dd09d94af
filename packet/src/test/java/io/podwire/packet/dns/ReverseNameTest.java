package io.podwire.packet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.podwire.packet.addr.IpAddress;
import org.junit.jupiter.api.Test;

class ReverseNameTest {

  @Test
  void shouldNameAddressesBackwards() {
    assertThat(ReverseName.of(IpAddress.parse("10.96.0.1"))).hasToString("1.0.96.10.in-addr.arpa.");
    assertThat(ReverseName.of(IpAddress.parse("2001:db8::567:89ab")))
        .hasToString("b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.");
  }

  @Test
  void shouldFindTheAddressOfItsName() {
    qt().forAll(integers().all())
        .checkAssert(bits -> {
          IpAddress address = IpAddress.ofIpv4(bits);
          assertThat(ReverseName.address(ReverseName.of(address))).contains(address);
        });
    qt().forAll(longs().all(), longs().all())
        .assuming((high, low) -> high != 0)
        .checkAssert((high, low) -> {
          IpAddress address = new IpAddress(high, low);
          assertThat(ReverseName.address(ReverseName.of(address))).contains(address);
        });
  }

  @Test
  void shouldKnowWhatIsNoAddress() {
    for (String text :
        new String[] {
          "in-addr.arpa",
          "96.10.in-addr.arpa",
          "01.0.96.10.in-addr.arpa",
          "256.0.96.10.in-addr.arpa",
          "x.1.0.96.10.in-addr.arpa",
          "1.0.96.10.example.org",
          "a".repeat(2) + ".1".repeat(31) + ".ip6.arpa"
        }) {
      assertThat(ReverseName.address(DnsName.parse(text))).as(text).isEmpty();
    }
  }
}
