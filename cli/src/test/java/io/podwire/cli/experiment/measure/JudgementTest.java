package io.podwire.cli.experiment.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cli.experiment.plan.Criterion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {

  /** A hundred requests of 1 to 100 ms, and 25 that failed. */
  private static List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      samples.add(new Sample(i / 10.0, i, true, "10.96.0." + i));
    }
    for (int i = 0; i < 25; i++) {
      samples.add(new Sample(i, 5_000, false, "TIMEOUT"));
    }
    return samples;
  }

  @ParameterizedTest
  @CsvSource({
    "LATENCY, 0.99, true, 100, true, 99 ms (100 requests)",
    "LATENCY, 0.99, true, 99, false, 99 ms (100 requests)",
    "LATENCY, 0.5, false, 49, true, 50 ms (100 requests)",
    "LATENCY, 0, true, 2, true, 1 ms (100 requests)",
    "LATENCY, 1, false, 99, true, 100 ms (100 requests)",
    "ERROR_RATE, 0, true, 0.2, false, 20 % (25 of 125)",
    "ERROR_RATE, 0, true, 0.21, true, 20 % (25 of 125)",
    "THROUGHPUT, 0, false, 9.9, true, 10/s",
    "REACHABLE, 0, false, 1, true, 100 of 125 succeeded",
    "REACHABLE, 0, false, 0, false, 100 of 125 succeeded",
  })
  void shouldJudge(
      Criterion.Measure measure,
      double quantile,
      boolean below,
      double limit,
      boolean holds,
      String seen) {
    Criterion criterion = new Criterion(measure, quantile, below, limit, "");

    assertThat(Judgement.of(criterion, samples(), 10)).isEqualTo(new Judgement(holds, seen));
  }

  @Test
  void shouldJudgeAnswers() {
    assertThat(Judgement.of(answer("^10\\.96\\."), samples(), 10).holds()).isTrue();
    assertThat(Judgement.of(answer("\\.7$"), samples(), 10))
        .isEqualTo(new Judgement(false, "\"10.96.0.1\""));
  }

  @Test
  void shouldNotHoldOfNothing() {
    for (Criterion.Measure measure : Criterion.Measure.values()) {
      Criterion criterion = new Criterion(measure, 0.5, true, 1, "");

      assertThat(Judgement.of(criterion, List.of(), 10).holds()).as("%s", measure).isFalse();
    }
  }

  @Test
  void shouldNotCallWhatFailedFast() {
    List<Sample> failed = List.of(new Sample(1, 1, false, "REFUSED"));
    Criterion fast = new Criterion(Criterion.Measure.LATENCY, 0.5, true, 100, "");

    assertThat(Judgement.of(fast, failed, 1))
        .isEqualTo(new Judgement(false, "none succeeded of 1"));
  }

  private static Criterion answer(String pattern) {
    return new Criterion(Criterion.Measure.ANSWER, 0, false, 0, pattern);
  }
}
