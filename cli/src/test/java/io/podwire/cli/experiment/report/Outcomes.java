package io.podwire.cli.experiment.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.measure.Span;
import io.podwire.cli.experiment.run.Check;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.experiment.run.StepSpan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A run that was not. */
final class Outcomes {
  private Outcomes() {}

  static Outcome some() {
    Random random = new Random(5);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      double time = i / 40.0;
      boolean hit = time >= 8 && time < 18;
      boolean good = !hit || random.nextInt(10) > 0;
      double millis = 2 + random.nextDouble() + (hit ? random.nextInt(3) * 200 : 0);
      samples.add(new Sample(time, good ? millis : 1000, good, good ? "web-1" : "TIMEOUT"));
    }
    ObjectNode fault = JsonNodeFactory.instance.objectNode();
    ObjectNode status = fault.putObject("status");
    status.put("verdict", "confirmed").put("verdictMessage", "5.1 % of 2000 <packets>");
    ObjectNode receipt = status.putArray("receipts").addObject();
    receipt.put("link", "hello/client").put("direction", "egress").put("matched", 2000);
    receipt.put("passed", 1898).put("achievedDelayNanos", 50_000_000);
    receipt.putObject("affected").put("lost", 102);
    return new Outcome(
        "sample",
        7,
        "own cluster, 2 nodes",
        Instant.parse("2026-01-02T03:04:05.678Z"),
        30,
        Map.of("web", samples),
        Map.of("web", "http http://web/?a=1&b=</script> from client"),
        List.of(new StepSpan("bursts", "NetworkFault loss for 10s", new Span(8, 18), fault, "")),
        List.of(
            new Check("assertion", "web: p99 below 1 ms", "602 ms", Check.Verdict.FAILED),
            new Check("assertion", "web: error rate", "5 \u0001 %", Check.Verdict.PASSED),
            new Check("receipt", "bursts acts", "few packets", Check.Verdict.INCONCLUSIVE)),
        List.of(new Outcome.Event(8, "step bursts: <loss>")));
  }
}
