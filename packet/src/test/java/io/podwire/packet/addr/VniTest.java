package io.podwire.packet.addr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class VniTest {

  @Test
  void shouldHave24Bits() {
    assertThat(new Vni(0xff_ffff)).hasToString("16777215");
    assertThat(new Vni(0).value()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Vni(1 << 24))
        .withMessage("VNI must be 0-16777215, got 16777216");
    assertThatIllegalArgumentException().isThrownBy(() -> new Vni(-1));
  }
}
