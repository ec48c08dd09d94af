package io.podwire.packet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DnsNameTest {

  @Test
  void shouldKeepCaseAndCompareWithoutIt() {
    DnsName mixed = DnsName.parse("WWW.Example.ORG");
    DnsName lower = DnsName.parse("www.example.org.");

    assertThat(mixed).isEqualTo(lower).hasSameHashCodeAs(lower).hasToString("WWW.Example.ORG.");
    assertThat(mixed.equalsExactly(lower)).isFalse();
    assertThat(mixed.lowerLabel(1)).isEqualTo("example");
    assertThat(mixed.label(1)).isEqualTo("Example");
  }

  @Test
  void shouldParseTheRootAndRefuseEmptyLabels() {
    assertThat(DnsName.parse(".")).isEqualTo(DnsName.ROOT).hasToString(".");
    assertThat(DnsName.ROOT.labelCount()).isZero();
    assertThat(DnsName.tryParse("")).isEmpty();
    assertThat(DnsName.tryParse(".a")).isEmpty();
    assertThat(DnsName.tryParse("a..b")).isEmpty();
  }

  @Test
  void shouldEscapeAsMasterFilesDo() {
    DnsName name = DnsName.parse("a\\.b\\032c\\255.org");

    assertThat(name.labelCount()).isEqualTo(2);
    assertThat(name.label(0)).isEqualTo("a.b c\u00ff");
    assertThat(name).hasToString("a\\.b\\032c\\255.org.");
    assertThat(DnsName.tryParse("a\\25")).isEmpty();
    assertThat(DnsName.tryParse("a\\256")).isEmpty();
    assertThat(DnsName.tryParse("a\\")).isEmpty();
  }

  @Test
  void shouldHoldTheLimitsOfLabelsAndNames() {
    String label = "x".repeat(63);
    assertThat(DnsName.tryParse(label + "x.org")).isEmpty();
    // Three labels of 63, one of 61: 3 * 64 + 62 + 1 = 255 octets.
    String longest = (label + ".").repeat(3) + "x".repeat(61);
    assertThat(DnsName.parse(longest).length()).isEqualTo(255);
    assertThat(DnsName.tryParse(longest + "x")).isEmpty();
    assertThat(DnsName.parse(longest).tryChild("a")).isEmpty();
    assertThatThrownBy(() -> DnsName.parse("a..b")).hasMessageContaining("'a..b'");
  }

  @Test
  void shouldKnowWhatIsBelowWhat() {
    DnsName zone = DnsName.parse("Cluster.Local");

    assertThat(DnsName.parse("svc.cluster.local").isAtOrBelow(zone)).isTrue();
    assertThat(zone.isAtOrBelow(zone)).isTrue();
    assertThat(zone.isAtOrBelow(DnsName.ROOT)).isTrue();
    assertThat(DnsName.parse("xcluster.local").isAtOrBelow(zone)).isFalse();
    // The same octets, but not on a label's border: label "a\007cluster" + "local".
    assertThat(DnsName.parse("a\\007cluster.local").isAtOrBelow(zone)).isFalse();
    assertThat(DnsName.parse("local").isAtOrBelow(zone)).isFalse();
  }

  @Test
  void shouldAddAndDropLabels() {
    DnsName name = DnsName.parse("cluster.local").child("svc").child("a.b");

    assertThat(name).hasToString("a\\.b.svc.cluster.local.");
    assertThat(name.dropFirst(2)).isEqualTo(DnsName.parse("cluster.local"));
    assertThat(name.dropFirst(4)).isEqualTo(DnsName.ROOT);
    assertThatThrownBy(() -> name.dropFirst(5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(name.dropFirst(1)).hasSameHashCodeAs(DnsName.parse("svc.cluster.local"));
  }
}
