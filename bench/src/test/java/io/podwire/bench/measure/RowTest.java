package io.podwire.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowTest {
  private final Row row =
      Row.of(
          "id",
          "what",
          "Gbit/s",
          List.of(
              new Series("podwire", Samples.of(8, 8)), new Series("kernel", Samples.of(10, 10))));

  @Test
  void shouldCompareTwoPeers() {
    Row compared = row.compared("podwire", "kernel", Optional.of(Target.atLeast(0.8)));

    assertThat(compared.verdicts()).hasSize(1);
    assertThat(compared.verdicts().getFirst().values().median()).isEqualTo(0.8);
    assertThat(compared.verdicts().getFirst().isMet()).isTrue();
  }

  @Test
  void shouldLeaveOutWhoWasNotMeasured() {
    assertThat(row.compared("podwire", "openvswitch", Optional.empty())).isEqualTo(row);
    assertThat(row.bounded("knot", Target.atMost(1))).isEqualTo(row);
  }

  @Test
  void shouldHoldAnAbsoluteTargetAgainstTheValues() {
    Verdict verdict = row.bounded("podwire", Target.atMost(3)).verdicts().getFirst();

    assertThat(verdict.against()).isEmpty();
    assertThat(verdict.isMet()).isFalse();
  }
}
