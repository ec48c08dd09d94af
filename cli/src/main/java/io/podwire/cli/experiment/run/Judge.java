package io.podwire.cli.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.experiment.measure.Judgement;
import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.measure.Span;
import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Assertion;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.Phase;
import io.podwire.cli.experiment.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides what of an experiment has passed. Pure. */
final class Judge {
  private static final double MILLI = 1e3;

  private final Experiment experiment;
  private final Map<String, List<Sample>> samples;
  private final List<StepSpan> steps;
  private final double seconds;

  Judge(
      Experiment experiment,
      Map<String, List<Sample>> samples,
      List<StepSpan> steps,
      double seconds) {
    this.experiment = experiment;
    this.samples = samples;
    this.steps = steps;
    this.seconds = seconds;
  }

  /**
   * All checks, in the order in which people read them.
   *
   * @param residual faults that act still
   */
  List<Check> checks(boolean steady, List<String> residual) {
    List<Check> checks = new ArrayList<>();
    if (!steady) {
      checks.add(
          Check.of("steady state", "every probe holds at the beginning", "it does not", false));
    }
    for (Assertion assertion : experiment.assertions()) {
      checks.add(
          switch (assertion) {
            case Assertion.Requests requests -> requests(requests);
            case Assertion.Receipt receipt -> receipt(receipt);
            case Assertion.NoResidualFault _ ->
                Check.of(
                    "assertion",
                    "no fault acts any more at the end",
                    residual.isEmpty() ? "none" : String.join(", ", residual),
                    residual.isEmpty());
          });
    }
    for (Step step : experiment.steps()) {
      checks.addAll(step(step));
    }
    samples.forEach((name, all) -> {
      if (all.isEmpty()) {
        checks.add(Check.of("workload", name + " makes requests", "none", false));
      }
    });
    return checks;
  }

  private Check requests(Assertion.Requests assertion) {
    List<Span> spans = spans(assertion.during());
    double settle = assertion.settle().toMillis() / MILLI;
    List<Sample> chosen = new ArrayList<>();
    double length = 0;
    for (Span whole : spans) {
      Span span = whole.after(settle);
      length += span.length();
      samples.getOrDefault(assertion.workload(), List.of()).stream()
          .filter(span::contains)
          .forEach(chosen::add);
    }
    Judgement judgement = Judgement.of(assertion.criterion(), chosen, length);
    String phase =
        switch (assertion.during()) {
          case Phase.ALL -> " all the time";
          case Phase.BEFORE -> " before the first step";
          case Phase.AFTER -> " after the last step";
          default -> " during " + assertion.during();
        };
    return Check.of(
        "assertion",
        assertion.criterion().text(assertion.workload()) + phase,
        judgement.seen(),
        judgement.holds());
  }

  /** The parts of the timeline that a phase is. */
  private List<Span> spans(String phase) {
    double first = steps.stream().mapToDouble(step -> step.span().from()).min().orElse(seconds);
    double last = steps.stream().mapToDouble(step -> step.span().to()).max().orElse(0);
    return switch (phase) {
      case Phase.ALL -> List.of(new Span(0, seconds));
      case Phase.BEFORE -> List.of(new Span(0, first));
      case Phase.AFTER -> List.of(new Span(last, seconds));
      default ->
          steps.stream().filter(step -> step.step().equals(phase)).map(StepSpan::span).toList();
    };
  }

  private Check receipt(Assertion.Receipt assertion) {
    List<String> verdicts =
        steps.stream()
            .filter(step -> step.step().equals(assertion.step()))
            .map(step -> verdict(step.fault()))
            .toList();
    return Check.of(
        "assertion",
        "receipt of " + assertion.step() + ": " + assertion.verdict(),
        verdicts.isEmpty() ? "no fault was made" : String.join(", ", verdicts),
        !verdicts.isEmpty() && verdicts.stream().allMatch(assertion.verdict()::equals));
  }

  private List<Check> step(Step step) {
    List<StepSpan> spans = steps.stream().filter(each -> each.step().equals(step.name())).toList();
    List<Check> checks = new ArrayList<>();
    if (spans.isEmpty()) {
      checks.add(Check.of("step", step.name() + " begins", "it did not", false));
    }
    for (StepSpan span : spans) {
      if (!span.failure().isEmpty()) {
        checks.add(Check.of("step", step.name() + " is done", span.failure(), false));
      } else if (step.action() instanceof Action.Fault && !isAsserted(step)) {
        checks.add(acted(span));
      }
    }
    return checks;
  }

  private boolean isAsserted(Step step) {
    return experiment.assertions().stream()
        .anyMatch(each ->
            each instanceof Assertion.Receipt receipt && receipt.step().equals(step.name()));
  }

  /** A fault that met nothing, or did something else than it was asked for, fails. */
  private static Check acted(StepSpan span) {
    JsonNode fault = span.fault();
    String verdict = verdict(fault);
    String message = fault == null ? "" : fault.at("/status/verdictMessage").asText();
    String seen = message.isEmpty() ? verdict : verdict + ": " + message;
    Check.Verdict result =
        switch (verdict) {
          case "confirmed" -> Check.Verdict.PASSED;
          case "no-match", "mismatch" -> Check.Verdict.FAILED;
          default -> Check.Verdict.INCONCLUSIVE;
        };
    return new Check("receipt", span.step() + " acts as it was asked to", seen, result);
  }

  private static String verdict(@Nullable JsonNode fault) {
    return fault == null ? "none" : fault.path("status").path("verdict").asText("none");
  }
}
