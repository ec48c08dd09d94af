package io.podwire.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "100ms, 100000000",
    "1h5m, 3900000000000",
    "1.5s, 1500000000",
    ".5us, 500",
    "5µs, 5000",
    "5μs, 5000",
    "7ns, 7",
    "1m30s500ms, 90500000000",
    "0, 0",
    "0s, 0",
    "-10ms, -10000000",
    "+2s, 2000000000",
  })
  void shouldReadDurations(String text, long nanos) {
    assertThat(GoDuration.parse(text)).isEqualTo(Duration.ofNanos(nanos));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100     | has no unit; write it as 100ms, 1.5s or 1h5m",
        "1s5     | has no unit; write it as 100ms, 1.5s or 1h5m",
        "10sec   | has the unit 'sec', which is none of ns, us, ms, s, m, h; write it as 100ms,"
            + " 1.5s or 1h5m",
        "2d      | has the unit 'd', which is none of ns, us, ms, s, m, h; write it as 100ms, 1.5s"
            + " or 1h5m",
        "soon    | is no duration; write it as 100ms, 1.5s or 1h5m",
        "1.2.3s  | has no unit; write it as 100ms, 1.5s or 1h5m",
        "-       | is no duration; write it as 100ms, 1.5s or 1h5m",
        "''      | is no duration; write it as 100ms, 1.5s or 1h5m",
        "9999999h | is longer than 292 years; write it as 100ms, 1.5s or 1h5m",
      })
  void shouldRefuseWhatIsNoDuration(String text, String message) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100ms", "65m", "1500us", "2h", "7ns", "0s", "90s"})
  void shouldWriteDurationsThatReadAsTheyWere(String text) {
    assertThat(GoDuration.format(GoDuration.parse(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"25%, 0.25", "12.5%, 0.125", "0%, 0", "100%, 1", "1e-3%, 0.00001", "5 %, 0.05"})
  void shouldReadPercentages(String text, double fraction) {
    assertThat(Percentage.parse(text)).isCloseTo(fraction, within(1e-12));
    assertThat(Percentage.parseBare(text.replace("%", ""))).isCloseTo(fraction, within(1e-12));
    assertThat(Percentage.parse(Percentage.format(fraction))).isCloseTo(fraction, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "25     | has no unit; write it with a percent sign, as 25%",
        "101%   | is over 100 %; write a number from 0 to 100",
        "-1%    | is below 0 %; write a number from 0 to 100",
        "some%  | is no percentage; write a number from 0 to 100",
        "some   | is no percentage; write it as 12.5%",
        "%      | is no percentage; write a number from 0 to 100",
      })
  void shouldRefuseWhatIsNoPercentage(String text, String message) {
    assertThatThrownBy(() -> Percentage.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "8bit, 8",
    "100kbit, 100000",
    "10mbit, 10000000",
    "2gbit, 2000000000",
    "1tbit, 1000000000000",
    "1bps, 8",
    "100kbps, 800000",
    "1mbps, 8000000",
    "1gbps, 8000000000",
    "1tbps, 8000000000000",
    "1.5Mbit, 1500000",
    "10 Mbps, 80000000",
  })
  void shouldReadRates(String text, long bitsPerSecond) {
    assertThat(BitRate.parse(text)).isEqualTo(bitsPerSecond);
    assertThat(BitRate.parse(BitRate.format(bitsPerSecond))).isEqualTo(bitsPerSecond);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10     | has no unit; write it as 10mbit (bits a second) or 1mbps (bytes)",
        "10mb/s | has the unit 'mb/s', which is none of bit, kbit, mbit, gbit, tbit, bps, kbps,"
            + " mbps, gbps, tbps; write it as 10mbit (bits a second) or 1mbps (bytes)",
        "fast   | is no rate; write it as 10mbit (bits a second) or 1mbps (bytes)",
        "-1mbit | is no rate; write it as 10mbit (bits a second) or 1mbps (bytes)",
        "0bit   | is less than one bit a second; write it as 10mbit (bits a second) or 1mbps"
            + " (bytes), or a partition for no traffic at all",
        "99999999tbps | is more than can be counted; write it as 10mbit (bits a second) or 1mbps"
            + " (bytes)",
      })
  void shouldRefuseWhatIsNoRate(String text, String message) {
    assertThatThrownBy(() -> BitRate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "1500, 1500",
    "10b, 10",
    "64kb, 65536",
    "2k, 2048",
    "20mb, 20971520",
    "1G, 1073741824"
  })
  void shouldReadSizes(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"64kib", "many", "-1", "", "10kbit"})
  void shouldRefuseWhatIsNoSize(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("is no size; write bytes, or a text such as 64kb or 20mb");
  }
}
