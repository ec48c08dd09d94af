package io.podwire.packet.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.podwire.packet.Octets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CarryFrameTest {

  @Test
  void shouldWriteLengthStreamKindAndPayload() {
    CarryFrame frame = CarryFrame.of(7, CarryKind.CONNECT, "web 80 0");

    assertThat(HexFormat.of().formatHex(frame.encode()))
        .isEqualTo("0000000d" + "00000007" + "01" + "7765622038302030");
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadWhatItWrote(CarryKind kind) {
    byte[] bytes = new byte[300];
    new Random(kind.code()).nextBytes(bytes);
    CarryFrame frame = new CarryFrame(CarryFrame.FROM_POD | 9, kind, Octets.of(bytes));

    byte[] sent = frame.encode();

    assertThat(CarryFrame.decode(Arrays.copyOfRange(sent, CarryFrame.LENGTH_OCTETS, sent.length)))
        .isEqualTo(frame);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 4, CarryFrame.MAX_PAYLOAD + 6, Integer.MAX_VALUE})
  void shouldRefuseALengthThatNoMessageHas(int length) {
    assertThatIllegalArgumentException().isThrownBy(() -> CarryFrame.checkedLength(length));
  }

  @Test
  void shouldRefuseAnUnknownKindAndAShortMessage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CarryFrame.decode(new byte[] {0, 0, 0, 1, 99}))
        .withMessageContaining("99");
    assertThatIllegalArgumentException().isThrownBy(() -> CarryFrame.decode(new byte[4]));
  }

  @Test
  void shouldCarryADatagramWithItsOtherEnd() {
    CarriedDatagram datagram =
        new CarriedDatagram("10.96.0.10", 53, Octets.of((byte) 0, (byte) 32, (byte) 0));

    assertThat(CarriedDatagram.of(datagram.frame(3))).isEqualTo(datagram);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.1",
        "10.0.0.1 53",
        "10.0.0.1 x\0",
        "10.0.0.1 1 2\0",
        "10.0.0.1 65536\0"
      })
  void shouldRefuseADatagramWithoutItsEnd(String payload) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CarriedDatagram.of(CarryFrame.of(3, CarryKind.DATAGRAM, payload)));
  }
}
