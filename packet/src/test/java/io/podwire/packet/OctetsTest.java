package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OctetsTest {

  @Test
  void shouldCompareByContent() {
    assertThat(Octets.of((byte) 1, (byte) 2)).isEqualTo(Octets.ofHex("0102"));
    assertThat(Octets.ofHex("0102")).isNotEqualTo(Octets.ofHex("0103"));
    assertThat(Octets.ofHex("0102")).hasSameHashCodeAs(Octets.ofHex("0102"));
    assertThat(Octets.ofHex("c0ff").toString()).isEqualTo("c0ff");
    assertThat(Octets.of()).isSameAs(Octets.EMPTY);
  }

  @Test
  void shouldNotChangeWithTheArraysAroundIt() {
    byte[] source = {1, 2};
    Octets octets = Octets.of(source);
    source[0] = 9;
    octets.toBytes()[1] = 9;

    assertThat(octets).isEqualTo(Octets.ofHex("0102"));
  }

  @Test
  void shouldCopyFromAndToABuffer() {
    ByteBuffer buffer = ByteBuffer.wrap(Octets.ofHex("00010203").toBytes());

    Octets.copyOf(buffer, 2, 2).emit(buffer, 0);

    assertThat(RoundTrip.all(buffer)).isEqualTo(Octets.ofHex("02030203"));
    assertThat(buffer.position()).isZero();
    assertThat(Octets.copyOf(buffer, 4, 0)).isSameAs(Octets.EMPTY);
  }
}
