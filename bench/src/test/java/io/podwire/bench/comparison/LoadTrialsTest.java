package io.podwire.bench.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadTrialsTest {
  private final LoadTrials trials = new LoadTrials();

  @Test
  void shouldTakeTheLeastLoadOfWhichNearlyMostArrived() {
    trials.add(100_000, 99_000);
    trials.add(150_000, 140_000);
    trials.add(200_000, 142_000);

    assertThat(trials.best()).isEqualTo(150_000);
    assertThat(trials.isPastBest()).isFalse();
  }

  @Test
  void shouldGiveUpOnlyAfterTwoBadTrialsInARow() {
    trials.add(100_000, 99_000);
    trials.add(150_000, 60_000);
    assertThat(trials.isPastBest()).isFalse();
    trials.add(200_000, 98_000);
    trials.add(300_000, 60_000);
    assertThat(trials.isPastBest()).isFalse();
    trials.add(400_000, 50_000);

    assertThat(trials.isPastBest()).isTrue();
    assertThat(trials.best()).isEqualTo(100_000);
  }
}
