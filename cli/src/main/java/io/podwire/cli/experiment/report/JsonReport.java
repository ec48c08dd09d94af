package io.podwire.cli.experiment.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.measure.Series;
import io.podwire.cli.experiment.measure.Summary;
import io.podwire.cli.experiment.run.Check;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.experiment.run.StepSpan;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report for programs; times are seconds of the timeline, latencies milliseconds. */
final class JsonReport {
  static final JsonMapper JSON = new JsonMapper();
  private static final double PRECISION = 1000;

  private JsonReport() {}

  static ObjectNode of(Outcome outcome) {
    ObjectNode report = JSON.createObjectNode();
    report
        .put("apiVersion", "podwire.io/v1alpha1")
        .put("kind", "ExperimentReport")
        .put("name", outcome.name())
        .put("seed", outcome.seed())
        .put("cluster", outcome.place())
        .put("passed", outcome.passed())
        .put("began", outcome.began().toString());
    number(report, "seconds", outcome.seconds());
    ArrayNode checks = report.putArray("checks");
    for (Check check : outcome.checks()) {
      checks
          .addObject()
          .put("kind", check.kind())
          .put("name", check.name())
          .put("seen", check.seen())
          .put("verdict", check.verdict().name().toLowerCase(Locale.ROOT));
    }
    ArrayNode steps = report.putArray("steps");
    for (StepSpan step : outcome.steps()) {
      ObjectNode node = steps.addObject().put("step", step.step()).put("what", step.what());
      number(node, "from", step.span().from());
      number(node, "to", step.span().to());
      node.put("failure", step.failure());
      if (step.fault() != null) {
        node.set("fault", step.fault());
      }
    }
    ArrayNode workloads = report.putArray("workloads");
    for (Map.Entry<String, List<Sample>> each : outcome.samples().entrySet()) {
      workload(
          workloads.addObject().put("name", each.getKey()), each.getValue(), outcome.seconds());
    }
    ArrayNode events = report.putArray("events");
    for (Outcome.Event event : outcome.events()) {
      number(events.addObject().put("text", event.text()), "time", event.time());
    }
    return report;
  }

  private static void workload(ObjectNode node, List<Sample> samples, double seconds) {
    summary(node, Summary.of(samples));
    Series series = Series.of(samples, seconds);
    number(node, "window", series.width());
    ArrayNode windows = node.putArray("windows");
    series.windows().forEach(window -> summary(windows.addObject(), window));
  }

  private static void summary(ObjectNode node, Summary summary) {
    node.put("requests", summary.count()).put("errors", summary.errors());
    number(node, "p50", summary.quantile(0.5));
    number(node, "p99", summary.quantile(0.99));
  }

  /** JSON knows no value for what is not a number. */
  private static void number(ObjectNode node, String field, double value) {
    if (Double.isFinite(value)) {
      node.put(field, Math.rint(value * PRECISION) / PRECISION);
    } else {
      node.putNull(field);
    }
  }
}
