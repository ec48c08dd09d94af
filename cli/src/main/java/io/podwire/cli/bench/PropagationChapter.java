package io.podwire.cli.bench;

import io.podwire.bench.comparison.Chapter;
import io.podwire.bench.comparison.Session;
import io.podwire.bench.comparison.Topic;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import java.util.List;

/** How long a Service's change takes until the last of many agents acts on it. */
public final class PropagationChapter implements Chapter {
  private static final int CHANGES_PER_ROUND = 20;
  // Even: each change turns the Service to the other backend, and the first expects one of the two.
  private static final int WARM_UP_CHANGES = 4;
  private static final int TAIL_PERCENT = 99;
  private static final double MOST_MILLIS = 250;
  private static final double NANOS_PER_MILLI = 1e6;

  private final ManyAgents agents;

  /** Measures that cluster. */
  public PropagationChapter(ManyAgents agents) {
    this.agents = agents;
  }

  @Override
  public Topic topic() {
    return Topic.PROPAGATION;
  }

  @Override
  public void measure(Session session) {
    ManyAgents.Running running = agents.started(session);
    int changes = session.plan().rounds() * CHANGES_PER_ROUND;
    session.progress().now("Propagation: warming up");
    running.bench().run(WARM_UP_CHANGES);
    session.progress().now("Propagation: " + changes + " changes of a Service");
    PropagationBench.Outcome outcome = running.bench().run(changes);
    String what = "Service change to the last of " + session.plan().agents() + " agents";
    Series tail =
        new Series(
            "podwire", Samples.of(outcome.everyNode().percentile(TAIL_PERCENT) / NANOS_PER_MILLI));
    session
        .findings()
        .add(
            Row.of("propagation-p99", what + ", p99 of " + changes, "ms", List.of(tail))
                .bounded("podwire", Target.atMost(MOST_MILLIS)));
    session
        .findings()
        .add(
            Row.of(
                "propagation",
                what,
                "ms",
                List.of(
                    new Series("last agent", Samples.of(outcome.everyNode().millis())),
                    new Series("DNS", Samples.of(outcome.dns().millis())))));
  }
}
