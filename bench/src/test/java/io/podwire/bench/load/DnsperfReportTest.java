package io.podwire.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.podwire.bench.program.BenchFailure;
import org.junit.jupiter.api.Test;

class DnsperfReportTest {
  private static final String GOLDEN = GoldenOutput.read("dnsperf.txt");

  @Test
  void shouldReadTheStatistics() {
    DnsperfReport report = DnsperfReport.parse(GOLDEN);

    assertThat(report.sent()).isEqualTo(10);
    assertThat(report.completed()).isEqualTo(10);
    assertThat(report.lost()).isZero();
    assertThat(report.failed()).isZero();
    assertThat(report.queriesPerSecond()).isEqualTo(4842.615012);
    assertThat(report.latencyMillis()).isCloseTo(0.099, within(1e-9));
  }

  @Test
  void shouldCountEveryOtherAnswerAsFailed() {
    String text = GOLDEN.replace("NOERROR 10 (100.00%)", "NOERROR 7 (70.00%), SERVFAIL 3 (30.00%)");

    assertThat(DnsperfReport.parse(text).failed()).isEqualTo(3);
    DnsperfReport absent = DnsperfReport.parse(GOLDEN.replace("NOERROR", "NXDOMAIN"));
    assertThat(absent.failed()).isEqualTo(10);
    assertThat(absent.absent()).isEqualTo(10);
  }

  @Test
  void shouldNameTheLineThatIsMissing() {
    assertThatExceptionOfType(BenchFailure.class)
        .isThrownBy(() -> DnsperfReport.parse("dnsperf: cannot connect"))
        .withMessageContaining("Queries completed:");
  }
}
