package io.podwire.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  private static final Samples FIVE = Samples.of(50, 10, 40, 20, 30);

  @Test
  void shouldTakeTheMiddleAsMedian() {
    assertThat(FIVE.median()).isEqualTo(30);
    assertThat(Samples.of(4, 1, 3, 2).median()).isEqualTo(2.5);
    assertThat(Samples.of(7).median()).isEqualTo(7);
  }

  @Test
  void shouldTakeTheNearestRankAsQuantile() {
    assertThat(FIVE.quantile(0.99)).isEqualTo(50);
    assertThat(FIVE.quantile(0.5)).isEqualTo(30);
    assertThat(FIVE.quantile(0)).isEqualTo(10);
  }

  @Test
  void shouldDivideRoundByRound() {
    Samples ratio = Samples.of(1, 9).ratioTo(Samples.of(2, 3));

    assertThat(ratio.values()).containsExactly(0.5, 3.0);
  }

  @Test
  void shouldNotDivideWhatIsNotOfTheSameRounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Samples.of(1, 2).ratioTo(Samples.of(1)))
        .withMessageContaining("same rounds");
    assertThatIllegalArgumentException().isThrownBy(() -> Samples.of(List.of()));
  }

  @Test
  void shouldShowThreeDigits() {
    assertThat(FIVE.text()).isEqualTo("30.0 (10.0-50.0)");
    assertThat(Samples.of(0.09512).text()).isEqualTo("0.095");
    assertThat(Samples.of(218_298.4).text()).isEqualTo("218,298");
    assertThat(Samples.of(0).text()).isEqualTo("0");
  }
}
