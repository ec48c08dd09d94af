package io.podwire.bench.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Workbench;
import io.podwire.bench.report.Findings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final Findings findings = new Findings();
  private final List<String> turns = new ArrayList<>();

  private Rounds<Double> run(Map<String, Double> peers) {
    try (Workbench bench = new Workbench()) {
      BenchPlan plan = new BenchPlan(EnumSet.of(Topic.TCP), 3, 1, 1, 1, 1);
      return Rounds.of(
          new Session(plan, bench, findings, what -> {}),
          "test",
          peers,
          value -> {
            turns.add(value.toString());
            if (value < 0) {
              throw new BenchFailure("it is broken");
            }
            return value;
          });
    }
  }

  private static Map<String, Double> peers(double a, double b) {
    Map<String, Double> peers = new LinkedHashMap<>();
    peers.put("a", a);
    peers.put("b", b);
    return peers;
  }

  @Test
  void shouldLetPeersTakeTurnsAndAnotherOneBegin() {
    Rounds<Double> rounds = run(peers(1, 2));

    assertThat(turns).containsExactly("1.0", "2.0", "2.0", "1.0", "1.0", "2.0");
    assertThat(rounds.row("id", "what", "unit", value -> value).series())
        .extracting(series -> series.samples().values())
        .containsExactly(List.of(1.0, 1.0, 1.0), List.of(2.0, 2.0, 2.0));
  }

  @Test
  void shouldGoOnWithoutAPeerThatFails() {
    Rounds<Double> rounds = run(peers(-1, 2));

    assertThat(turns).containsExactly("-1.0", "2.0", "2.0", "2.0");
    assertThat(findings.failures()).containsExactly("test, a: it is broken");
    assertThat(rounds.row("id", "what", "unit", value -> value).series()).hasSize(1);
  }
}
