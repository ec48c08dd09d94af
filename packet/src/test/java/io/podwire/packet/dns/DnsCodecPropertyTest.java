package io.podwire.packet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsCodecPropertyTest {

  @Test
  void shouldReadBackWhatItWrites() {
    qt().withExamples(1000)
        .forAll(DnsGenerators.messages())
        .checkAssert(message -> {
          ByteBuffer wire = DnsCodec.encode(message, DnsCodec.MAX_MESSAGE);
          Decoded decoded = DnsCodec.decode(wire);
          assertThat(decoded).isEqualTo(new Decoded.Valid(message));
          // Equality of names ignores case; the text does not.
          assertThat(decoded).hasToString(new Decoded.Valid(message).toString());
        });
  }

  @Test
  void shouldWriteAValidPrefixUnderAnyLimit() {
    qt().withExamples(1000)
        .forAll(DnsGenerators.messages(), integers().between(512, 2000))
        .checkAssert((message, maxSize) -> {
          DnsMessage fitting = message.withoutEdns().withQuestions(List.of());
          ByteBuffer wire = DnsCodec.encode(fitting, maxSize);
          assertThat(wire.remaining()).isLessThanOrEqualTo(maxSize);
          DnsMessage read = ((Decoded.Valid) DnsCodec.decode(wire)).message();
          assertThat(read.answers()).isEqualTo(fitting.answers().subList(0, read.answers().size()));
          if (!read.withHeader(fitting.header()).equals(fitting)) {
            assertThat(read.header().isTruncated()).isTrue();
          }
        });
  }

  @Test
  void shouldNeverThrowOnMutatedOctets() {
    qt().withExamples(2000)
        .forAll(DnsGenerators.messages(), integers().between(0, Integer.MAX_VALUE))
        .checkAssert((message, seed) -> {
          byte[] octets = DnsCodec.encode(message, DnsCodec.MAX_MESSAGE).array().clone();
          Random random = new Random(seed);
          for (int i = random.nextInt(8); i >= 0; i--) {
            octets[random.nextInt(octets.length)] = (byte) random.nextInt();
          }
          ByteBuffer mutated = ByteBuffer.wrap(octets, 0, random.nextInt(octets.length + 1));
          Decoded decoded = DnsCodec.decode(mutated);
          if (decoded instanceof Decoded.Valid valid) {
            // Whatever is understood can be said again.
            DnsCodec.encode(valid.message(), DnsCodec.MAX_MESSAGE);
          }
        });
  }

  @Test
  void shouldNeverThrowOnGarbage() {
    Random random = new Random(1035);
    int malformed = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = new byte[random.nextInt(600)];
      random.nextBytes(octets);
      // Small counts let the reader get further than the first absurd one.
      if (octets.length >= 12) {
        for (int at = 4; at < 12; at += 2) {
          octets[at] = 0;
          octets[at + 1] = (byte) random.nextInt(3);
        }
      }
      malformed += DnsCodec.decode(ByteBuffer.wrap(octets)) instanceof Decoded.Malformed ? 1 : 0;
    }
    assertThat(malformed).isGreaterThan(19_000);
  }

  @Test
  void shouldMoveNeitherPositionNorLimit() {
    ByteBuffer wire =
        DnsCodec.encode(DnsMessage.query(1, Question.of(DnsName.parse("a.b"), RecordType.A)), 512);
    ByteBuffer shifted = ByteBuffer.allocate(100).position(7).put(wire).flip().position(7);

    assertThat(DnsCodec.decode(shifted)).isInstanceOf(Decoded.Valid.class);
    assertThat(shifted.position()).isEqualTo(7);
  }
}
