package io.podwire.packet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DnsDefectTest {
  private static final String ONE_QUESTION = "0001 0100 0001 0000 0000 0000";
  private static final String ONE_ANSWER = "0001 8000 0000 0001 0000 0000";
  private static final String ONE_ADDITIONAL = "0001 0100 0000 0000 0000 0001";

  static Stream<Arguments> defects() {
    String label63 = "3f" + "61".repeat(63);
    return Stream.of(
        Arguments.of(DnsDefect.TRUNCATED, ONE_QUESTION),
        Arguments.of(DnsDefect.TRUNCATED, ONE_QUESTION + "0161"),
        Arguments.of(DnsDefect.TRUNCATED, ONE_QUESTION + "0561 00"),
        Arguments.of(DnsDefect.TRUNCATED, ONE_QUESTION + "00 0001 00"),
        Arguments.of(DnsDefect.TRUNCATED, ONE_QUESTION + "c0"),
        Arguments.of(DnsDefect.TRUNCATED, ONE_ANSWER + "00 0001 0001 00000000 0004 0a0000"),
        Arguments.of(DnsDefect.TRUNCATED, "0001 0100 ffff ffff ffff ffff 00 0001 0001"),
        Arguments.of(DnsDefect.BAD_LABEL, ONE_QUESTION + "4161 00 0001 0001"),
        Arguments.of(DnsDefect.BAD_LABEL, ONE_QUESTION + "8161 00 0001 0001"),
        Arguments.of(DnsDefect.BAD_POINTER, ONE_QUESTION + "c00c 0001 0001"),
        Arguments.of(DnsDefect.BAD_POINTER, ONE_QUESTION + "0161 c00c 0001 0001"),
        Arguments.of(DnsDefect.BAD_POINTER, ONE_QUESTION + "c010 0001 0001"),
        Arguments.of(DnsDefect.BAD_POINTER, ONE_QUESTION + "c000 0001 0001"),
        Arguments.of(DnsDefect.NAME_TOO_LONG, ONE_QUESTION + label63.repeat(4) + "00 0001 0001"),
        Arguments.of(DnsDefect.BAD_RDATA, ONE_ANSWER + "00 0001 0001 00000000 0003 0a0000"),
        Arguments.of(DnsDefect.BAD_RDATA, ONE_ANSWER + "00 0001 0001 00000000 0005 0a00000000"),
        Arguments.of(DnsDefect.BAD_RDATA, ONE_ANSWER + "00 000c 0001 00000000 0002 0000"),
        Arguments.of(DnsDefect.TRUNCATED, ONE_ANSWER + "00 0010 0001 00000000 0002 0561"),
        Arguments.of(DnsDefect.BAD_OPT, ONE_ANSWER + "00 0029 0200 00000000 0000"),
        Arguments.of(DnsDefect.BAD_OPT, ONE_ADDITIONAL + "0161 00 0029 0200 00000000 0000"),
        Arguments.of(
            DnsDefect.BAD_OPT,
            "0001 0100 0000 0000 0000 0002" + "00 0029 0200 00000000 0000".repeat(2)),
        Arguments.of(DnsDefect.TRUNCATED, ONE_ADDITIONAL + "00 0029 0200 00000000 0004 0001 0005"),
        Arguments.of(DnsDefect.TRAILING_OCTETS, ONE_QUESTION + "00 0001 0001 00"));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void shouldNameTheDefect(DnsDefect defect, String hex) {
    Decoded decoded = DnsCodec.decode(DnsGoldenBytesTest.bytes(hex));

    assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
    Decoded.Malformed malformed = (Decoded.Malformed) decoded;
    assertThat(malformed.defect()).isEqualTo(defect);
    assertThat(malformed.header()).isNotNull();
  }

  @Test
  void shouldHaveNoHeaderWhereThereIsNone() {
    assertThat(DnsCodec.decode(ByteBuffer.wrap(new byte[11])))
        .isEqualTo(new Decoded.Malformed(DnsDefect.SHORT_HEADER, null));
  }

  @Test
  void shouldLimitTheHopsOfAName() {
    // 130 names, each a pointer to the one before: only the first 127 can be read.
    StringBuilder hex = new StringBuilder("0001 0100 0082 0000 0000 0000 00 0001 0001");
    int previous = 12;
    int at = 17;
    for (int i = 1; i < 130; i++) {
      hex.append(String.format("%04x00010001", 0xc000 | previous));
      previous = at;
      at += 6;
    }

    Decoded decoded = DnsCodec.decode(DnsGoldenBytesTest.bytes(hex.toString()));

    assertThat(decoded)
        .isEqualTo(new Decoded.Malformed(DnsDefect.BAD_POINTER, new DnsHeader(1, 0x100)));
  }
}
