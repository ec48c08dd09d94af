package io.podwire.packet.addr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  private static final Cidr PODS = Cidr.parse("10.244.0.0/16");

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0/0", "10.244.0.0/16", "10.1.2.3/32", "::/0", "fd00::/64", "::1/128"})
  void shouldKeepItsText(String text) {
    assertThat(Cidr.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/a", ""})
  void shouldRefuseWhatIsNoCidr(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse(text))
        .withMessage("'" + text + "' is not a CIDR; write it as 10.244.0.0/16");
  }

  @Test
  void shouldRefuseHostBitsAndSayWhatWouldBeRight() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse("10.244.1.7/16"))
        .withMessage("10.244.1.7/16 has host bits set; write 10.244.0.0/16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse("10.0.0.0/33"))
        .withMessage("prefix length of 10.0.0.0 must be 0-32, got 33");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse("fd00::/129"))
        .withMessageContaining("0-128");
  }

  @Test
  void shouldContainItsFirstAndLastAddressOnly() {
    assertThat(PODS.contains(IpAddress.parse("10.244.0.0"))).isTrue();
    assertThat(PODS.contains(IpAddress.parse("10.244.255.255"))).isTrue();
    assertThat(PODS.contains(IpAddress.parse("10.243.255.255"))).isFalse();
    assertThat(PODS.contains(IpAddress.parse("10.245.0.0"))).isFalse();
  }

  @Test
  void shouldKeepTheFamiliesApart() {
    assertThat(Cidr.parse("0.0.0.0/0").contains(IpAddress.parse("fd00::1"))).isFalse();
    assertThat(Cidr.parse("::/0").contains(IpAddress.parse("10.0.0.1"))).isFalse();
    assertThat(Cidr.parse("::/0").overlaps(Cidr.parse("0.0.0.0/0"))).isFalse();
  }

  @Test
  void shouldOverlapWhenOneHoldsTheOther() {
    assertThat(PODS.overlaps(Cidr.parse("10.244.3.0/24"))).isTrue();
    assertThat(Cidr.parse("10.244.3.0/24").overlaps(PODS)).isTrue();
    assertThat(PODS.overlaps(PODS)).isTrue();
    assertThat(PODS.overlaps(Cidr.parse("10.96.0.0/16"))).isFalse();
    assertThat(PODS.contains(Cidr.parse("10.0.0.0/8"))).isFalse();
  }

  @Test
  void shouldOverlapExactlyWhenAnAddressIsShared() {
    qt().forAll(
            integers().all(),
            integers().all(),
            integers().between(0, 32),
            integers().between(0, 32))
        .check((a, b, lengthA, lengthB) -> {
          Cidr left = Cidr.around(IpAddress.ofIpv4(a), lengthA);
          Cidr right =
              Cidr.around(IpAddress.ofIpv4((b & 0x3fff_ffff) | (a & 0xc000_0000)), lengthB);
          boolean shared = left.contains(right.base()) || right.contains(left.base());
          return left.overlaps(right) == shared && right.overlaps(left) == shared;
        });
  }

  @Test
  void shouldCutIntoSubnets() {
    assertThat(PODS.subnet(24, 0)).isEqualTo(Cidr.parse("10.244.0.0/24"));
    assertThat(PODS.subnet(24, 255)).isEqualTo(Cidr.parse("10.244.255.0/24"));
    assertThat(PODS.subnet(16, 0)).isEqualTo(PODS);
    assertThat(PODS.subnet(32, 65535)).isEqualTo(Cidr.parse("10.244.255.255/32"));
    assertThat(Cidr.parse("fd00::/48").subnet(64, 0x1234))
        .isEqualTo(Cidr.parse("fd00:0:0:1234::/64"));
    assertThat(Cidr.parse("fd00::/56").subnet(72, 0x1ff))
        .isEqualTo(Cidr.parse("fd00:0:0:1:ff00::/72"));
    assertThat(Cidr.parse("fd00::/48").subnet(128, 7)).isEqualTo(Cidr.parse("fd00::7/128"));
    assertThat(Cidr.parse("8000::/1").subnet(128, Long.MAX_VALUE))
        .isEqualTo(Cidr.parse("8000::7fff:ffff:ffff:ffff/128"));
  }

  @Test
  void shouldRefuseSubnetsThatDoNotExist() {
    for (long[] lengthAndIndex : new long[][] {{24, 256}, {24, -1}, {15, 0}}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> PODS.subnet((int) lengthAndIndex[0], lengthAndIndex[1]));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> PODS.subnet(33, 0));
  }

  @Test
  void shouldCutDisjointSubnetsInOrder() {
    qt().forAll(
            longs().all(),
            integers().between(0, 60),
            integers().between(1, 60),
            longs().between(0, 1000))
        .check((bits, length, more, index) -> {
          Cidr whole = Cidr.around(new IpAddress(bits | 1L << 63, bits), length);
          int longer = length + more;
          if (more < 62 && index + 1 >= 1L << more) {
            return true;
          }
          Cidr subnet = whole.subnet(longer, index);
          Cidr next = whole.subnet(longer, index + 1);
          return whole.contains(subnet)
              && whole.contains(next)
              && !subnet.overlaps(next)
              && subnet.compareTo(next) < 0;
        });
  }

  @Test
  void shouldCountAndNumberItsAddresses() {
    assertThat(PODS.size()).isEqualTo(65536);
    assertThat(Cidr.parse("10.0.0.1/32").size()).isEqualTo(1);
    assertThat(Cidr.parse("0.0.0.0/0").size()).isEqualTo(1L << 32);
    assertThat(Cidr.parse("fd00::/64").size()).isEqualTo(Long.MAX_VALUE);
    assertThat(PODS.address(257)).isEqualTo(IpAddress.parse("10.244.1.1"));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> PODS.address(65536));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> PODS.address(-1));
  }

  @Test
  void shouldMakeNetworksAroundAddresses() {
    IpAddress pod = IpAddress.parse("10.244.3.9");

    assertThat(Cidr.around(pod, 24)).isEqualTo(Cidr.parse("10.244.3.0/24"));
    assertThat(Cidr.host(pod)).hasToString("10.244.3.9/32");
    assertThat(Cidr.host(IpAddress.parse("fd00::9"))).hasToString("fd00::9/128");
  }

  @Test
  void shouldOrderByBaseThenByLength() {
    List<Cidr> ordered =
        Stream.of("10.0.0.0/8", "10.0.0.0/24", "10.0.1.0/24", "200.0.0.0/8", "fd00::/8")
            .map(Cidr::parse)
            .toList();

    assertThat(ordered.stream().sorted().toList()).isEqualTo(ordered);
  }
}
