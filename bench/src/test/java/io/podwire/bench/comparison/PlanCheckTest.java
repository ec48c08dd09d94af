package io.podwire.bench.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCheckTest {
  @TempDir Path folder;

  private static PlanCheck.Outcome check(
      List<String> only, @Nullable Integer rounds, boolean quick, boolean full) {
    return PlanCheck.check(
        new PlanCheck.Options(only, rounds, null, null, null, null, quick, full, null));
  }

  @Test
  void shouldMeasureAllButWhatIsSlow() {
    BenchPlan plan = check(List.of(), null, false, false).plan().orElseThrow();

    assertThat(plan.topics())
        .doesNotContain(Topic.AGENTS, Topic.PROPAGATION, Topic.SOAK)
        .hasSize(10);
    assertThat(plan.rounds()).isEqualTo(5);
    assertThat(plan.seconds()).isEqualTo(4);
  }

  @Test
  void shouldTakeWhatIsGiven() {
    BenchPlan plan = check(List.of("udp", "agents"), 3, true, false).plan().orElseThrow();

    assertThat(plan.topics()).containsExactly(Topic.UDP, Topic.AGENTS);
    assertThat(plan.rounds()).isEqualTo(3);
    assertThat(plan.seconds()).isEqualTo(1);
    assertThat(check(List.of(), null, false, true).plan().orElseThrow().topics())
        .containsExactly(Topic.values());
  }

  @Test
  void shouldTellEveryProblemAtOnce() {
    PlanCheck.Outcome outcome =
        PlanCheck.check(
            new PlanCheck.Options(
                List.of("tcp", "speed"),
                0,
                61,
                -1,
                201,
                0,
                false,
                true,
                folder.resolve("absent/report.json")));

    assertThat(outcome.plan()).isEmpty();
    assertThat(outcome.problems())
        .hasSize(8)
        .anyMatch(line -> line.equals("--minutes 0: must be 1-1440"))
        .anyMatch(line -> line.startsWith("--only speed") && line.contains("tcp, udp"))
        .anyMatch(line -> line.startsWith("--full and --only"))
        .anyMatch(line -> line.equals("--rounds 0: must be 1-100"))
        .anyMatch(line -> line.equals("--seconds 61: must be 1-60"))
        .anyMatch(line -> line.startsWith("--names -1"))
        .anyMatch(line -> line.startsWith("--agents 201"))
        .anyMatch(line -> line.startsWith("--json") && line.contains("create it first"));
  }

  @Test
  void shouldNotWriteAReportOverAFolder() {
    PlanCheck.Options options =
        new PlanCheck.Options(List.of(), null, null, null, null, null, false, false, folder);

    assertThat(PlanCheck.check(options).problems()).singleElement().asString().contains("folder");
  }
}
