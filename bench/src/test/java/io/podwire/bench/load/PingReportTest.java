package io.podwire.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.podwire.bench.program.BenchFailure;
import org.junit.jupiter.api.Test;

class PingReportTest {

  @Test
  void shouldTakeEveryRoundTrip() {
    PingReport report = PingReport.parse(GoldenOutput.read("ping.txt"));

    assertThat(report.roundTrips().values()).containsExactly(0.12, 0.142, 1.57, 0.148);
    assertThat(report.roundTrips().quantile(0.99)).isEqualTo(1.57);
    assertThat(report.lost()).isEqualTo(1);
  }

  @Test
  void shouldFailWithoutAnyAnswer() {
    assertThatExceptionOfType(BenchFailure.class)
        .isThrownBy(() -> PingReport.parse("5 packets transmitted, 0 received"));
  }
}
