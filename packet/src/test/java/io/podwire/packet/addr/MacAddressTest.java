package io.podwire.packet.addr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

  @Test
  void shouldReadItsOwnText() {
    assertThat(MacAddress.parse("0A:58:0a:f4:00:01")).hasToString("0a:58:0a:f4:00:01");
    qt().forAll(longs().between(0, 0xffff_ffff_ffffL))
        .check(bits -> MacAddress.parse(new MacAddress(bits).toString()).value() == bits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0a:58:0a:f4:00",
        "0a:58:0a:f4:00:01:02",
        "a:58:0a:f4:00:01",
        "0a-58",
        "0a:58:0a:f4:00:0٤"
      })
  void shouldRefuseWhatIsNoMac(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MacAddress.parse(text))
        .withMessageStartingWith("'" + text + "' is not a MAC address");
  }

  @Test
  void shouldRefuseMoreThan48Bits() {
    assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(1L << 48));
    assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(-1));
  }

  @Test
  void shouldDeriveFromAnAddressAsCniDoes() {
    assertThat(MacAddress.of(IpAddress.parse("10.244.1.3"))).hasToString("0a:58:0a:f4:01:03");
    assertThat(MacAddress.of(IpAddress.parse("fd00::1:2"))).hasToString("0a:58:00:01:00:02");
  }

  @Test
  void shouldKnowGroupAddresses() {
    assertThat(MacAddress.BROADCAST.isMulticast()).isTrue();
    assertThat(MacAddress.parse("33:33:00:00:00:01").isMulticast()).isTrue();
    assertThat(MacAddress.parse("02:00:00:00:00:01").isMulticast()).isFalse();
    assertThat(MacAddress.ZERO.isMulticast()).isFalse();
  }

  @Test
  void shouldOrderAsNumbers() {
    assertThat(MacAddress.ZERO).isLessThan(MacAddress.BROADCAST);
  }
}
