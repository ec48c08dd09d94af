package io.podwire.cli.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.measure.Span;
import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Assertion;
import io.podwire.cli.experiment.plan.Criterion;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.Step;
import io.podwire.cli.experiment.plan.Topology;
import io.podwire.cli.experiment.plan.Trigger;
import io.podwire.client.api.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final Step FAULT =
      new Step(
          "fault",
          new Trigger.At(Duration.ofSeconds(10)),
          new Action.Fault(Resource.NETWORK_FAULT, JSON.objectNode(), false));

  /** Ten requests a second: 1 ms, but 100 ms from second 10 to 20. */
  private static List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double time = i / 10.0;
      samples.add(new Sample(time, time >= 10 && time < 20 ? 100 : 1, true, "200"));
    }
    return samples;
  }

  @ParameterizedTest
  @CsvSource({
    "before, 0, 2, true",
    "after, 0, 2, true",
    "fault, 0, 2, false",
    "fault, 0, 101, true",
    "all, 0, 2, false",
    "fault, 10, 101, false",
  })
  void shouldLookAtThePhaseAlone(String during, int settle, double limit, boolean passes) {
    Assertion assertion =
        new Assertion.Requests(
            "web",
            new Criterion(Criterion.Measure.LATENCY, 1, true, limit, ""),
            during,
            Duration.ofSeconds(settle));

    Check check = checks(List.of(assertion), "confirmed", List.of()).getFirst();

    assertThat(check.verdict() == Check.Verdict.PASSED).as("%s", check).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({
    "confirmed, PASSED",
    "mismatch, FAILED",
    "no-match, FAILED",
    "inconclusive, INCONCLUSIVE",
  })
  void shouldFailWhereAFaultDidNotDoWhatItWasAskedFor(String verdict, Check.Verdict expected) {
    assertThat(checks(List.of(), verdict, List.of()))
        .extracting(Check::verdict)
        .containsExactly(expected);
  }

  @Test
  void shouldTakeTheVerdictThatIsAsserted() {
    List<Assertion> assertions = List.of(new Assertion.Receipt("fault", "mismatch"));

    assertThat(checks(assertions, "mismatch", List.of()))
        .extracting(Check::verdict)
        .containsExactly(Check.Verdict.PASSED);
    assertThat(checks(assertions, "confirmed", List.of()))
        .extracting(Check::verdict)
        .containsExactly(Check.Verdict.FAILED);
  }

  @Test
  void shouldNameFaultsThatActStill() {
    List<Assertion> assertions = List.of(new Assertion.NoResidualFault());

    assertThat(checks(assertions, "confirmed", List.of("old (Running)")).getFirst())
        .isEqualTo(
            Check.of("assertion", "no fault acts any more at the end", "old (Running)", false));
  }

  @Test
  void shouldFailWhereAStepDidNotBeginOrAWorkloadWasSilent() {
    Judge judge = new Judge(experiment(List.of()), Map.of("web", List.of()), List.of(), 30);

    assertThat(judge.checks(true, List.of()))
        .extracting(Check::name, Check::verdict)
        .containsExactly(
            tuple("fault begins", Check.Verdict.FAILED),
            tuple("web makes requests", Check.Verdict.FAILED));
  }

  @Test
  void shouldGiveEachFaultASeedOfItsOwn() {
    assertThat(FaultRun.seed(1, "a#1")).isEqualTo(FaultRun.seed(1, "a#1")).isNotNegative();
    assertThat(FaultRun.seed(1, "a#1")).isNotEqualTo(FaultRun.seed(1, "a#2"));
    assertThat(FaultRun.seed(1, "a#1")).isNotEqualTo(FaultRun.seed(2, "a#1"));
  }

  private static List<Check> checks(
      List<Assertion> assertions, String verdict, List<String> residual) {
    ObjectNode fault = JSON.objectNode();
    fault.putObject("status").put("verdict", verdict);
    StepSpan span = new StepSpan("fault", "delay", new Span(10, 20), fault, "");
    return new Judge(experiment(assertions), Map.of("web", samples()), List.of(span), 30)
        .checks(true, residual);
  }

  private static Experiment experiment(List<Assertion> assertions) {
    return new Experiment(
        "x",
        "default",
        1,
        new Topology(OptionalInt.empty(), Optional.empty(), Duration.ofSeconds(1)),
        Optional.empty(),
        Duration.ofSeconds(1),
        List.of(),
        List.of(),
        List.of(FAULT),
        assertions);
  }
}
