package io.podwire.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void shouldGiveNearestRankPercentiles() {
    Latencies latencies = new Latencies();
    for (int millis : new int[] {50, 10, 40, 20, 30}) {
      latencies.add(millis * 1_000_000L);
    }

    assertThat(latencies.percentile(50)).isEqualTo(30_000_000L);
    assertThat(latencies.percentile(90)).isEqualTo(50_000_000L);
    assertThat(latencies.percentile(0)).isEqualTo(10_000_000L);
    assertThat(latencies.text())
        .isEqualTo("median 30.0 ms, 90 % 50.0 ms, worst 50.0 ms (5 changes)");
  }
}
