package io.podwire.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.podwire.bench.program.BenchFailure;
import org.junit.jupiter.api.Test;

class PingReportTest {

  @Test
  void shouldTakeEveryRoundTrip() {
    PingReport report = PingReport.parse(GoldenOutput.read("ping.txt"), 5);

    assertThat(report.roundTrips().values()).containsExactly(0.12, 0.142, 1.57, 0.148);
    assertThat(report.roundTrips().quantile(0.99)).isEqualTo(1.57);
    assertThat(report.lost()).isEqualTo(1);
  }

  @Test
  void shouldNotCallLostWhatWasUnderWayWhenTheLastWantedAnswerCame() {
    PingReport report =
        PingReport.parse(
            """
            64 bytes from 10.245.2.2: icmp_seq=1 ttl=62 time=0.120 ms
            64 bytes from 10.245.2.2: icmp_seq=2 ttl=62 time=52.1 ms
            6 packets transmitted, 2 received, 66.6667% packet loss, time 64ms
            """,
            2);

    assertThat(report.lost()).isZero();
  }

  @Test
  void shouldFailWithoutAnyAnswer() {
    assertThatExceptionOfType(BenchFailure.class)
        .isThrownBy(() -> PingReport.parse("5 packets transmitted, 0 received", 5));
  }
}
