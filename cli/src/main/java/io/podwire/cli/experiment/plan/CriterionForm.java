package io.podwire.cli.experiment.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what has to be true of requests; one measure at a time. */
final class CriterionForm {
  private static final double MILLI = 1e6;
  private static final String MEASURES = "quantile, errorRate, throughput, reachable, answer";

  private CriterionForm() {}

  static Optional<Criterion> read(Fields fields) {
    List<String> there = new ArrayList<>();
    for (String measure : MEASURES.split(", ")) {
      if (fields.has(measure)) {
        there.add(measure);
      }
    }
    boolean below = fields.has("below");
    boolean above = fields.has("above");
    if (there.size() != 1) {
      fields.problem(
          "quantile",
          there.isEmpty()
              ? "is missing; write one of " + MEASURES
              : "only one of " + String.join(", ", there) + " can be meant");
      return Optional.empty();
    }
    String measure = there.getFirst();
    boolean limited = !measure.equals("reachable") && !measure.equals("answer");
    if (limited && below == above) {
      fields.problem("below", below ? "and above exclude each other" : "is missing; or above");
      return Optional.empty();
    }
    if (!limited && (below || above)) {
      fields.problem(below ? "below" : "above", "has no meaning with " + measure);
    }
    String side = below ? "below" : "above";
    return switch (measure) {
      case "quantile" -> {
        double quantile = fields.number("quantile", 0.5, 0, 1);
        yield fields
            .duration(side)
            .map(Duration::toNanos)
            .map(nanos ->
                new Criterion(Criterion.Measure.LATENCY, quantile, below, nanos / MILLI, ""));
      }
      case "errorRate" -> {
        fields.flag("errorRate");
        yield fields
            .percentage(side)
            .map(limit -> new Criterion(Criterion.Measure.ERROR_RATE, 0, below, limit, ""));
      }
      case "throughput" -> {
        fields.flag("throughput");
        double limit = fields.number(side, 0, 0, Integer.MAX_VALUE);
        yield Optional.of(new Criterion(Criterion.Measure.THROUGHPUT, 0, below, limit, ""));
      }
      case "reachable" ->
          Optional.of(
              new Criterion(
                  Criterion.Measure.REACHABLE, 0, false, fields.flag("reachable") ? 1 : 0, ""));
      default ->
          Optional.of(
              new Criterion(
                  Criterion.Measure.ANSWER,
                  0,
                  false,
                  0,
                  WorkloadForm.expression(fields, "answer")));
    };
  }
}
