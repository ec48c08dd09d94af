package io.podwire.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrendTest {

  @Test
  void shouldFindALineThatIsThere() {
    Trend trend = Trend.of(List.of(1.0, 3.0, 5.0, 7.0));

    assertThat(trend.slope()).isEqualTo(2, within(1e-9));
    assertThat(trend.margin()).isZero();
  }

  /** Worked out by hand: residuals -0.3, 0.9, -0.9, 0.3 of a line that rises by 0.4. */
  @Test
  void shouldSayHowSureItIs() {
    Trend trend = Trend.of(List.of(1.0, 2.6, 1.2, 2.8));

    assertThat(trend.slope()).isEqualTo(0.4, within(1e-9));
    assertThat(trend.margin()).isEqualTo(Trend.student(2) * Math.sqrt(0.9 / 5), within(1e-9));
  }

  @Test
  void shouldKnowStudentsTable() {
    assertThat(Trend.student(18)).isEqualTo(2.101, within(0.002));
    assertThat(Trend.student(5)).isEqualTo(2.571, within(0.02));
  }

  @Test
  void shouldRefuseTooFewValues() {
    assertThatIllegalArgumentException().isThrownBy(() -> Trend.of(List.of(1.0, 2.0)));
  }

  @Test
  void shouldTellTheIntervalOfAMinute() {
    assertThat(new Trend(0.5, 0.1).text(2)).isEqualTo("+1.000 (95 %: +0.800 to +1.200)");
  }
}
