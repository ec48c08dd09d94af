package io.podwire.cli.experiment.run;

import io.podwire.cli.experiment.measure.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that an experiment came to.
 *
 * @param began when its timeline began
 * @param seconds how long that was
 * @param samples of each workload, by its name, in the file's order
 * @param events what happened, for people
 */
public record Outcome(
    String name,
    long seed,
    String place,
    Instant began,
    double seconds,
    Map<String, List<Sample>> samples,
    Map<String, String> descriptions,
    List<StepSpan> steps,
    List<Check> checks,
    List<Event> events) {

  /** Something that happened at a second of the timeline. */
  public record Event(double time, String text) {}

  /** Whether nothing has failed. */
  public boolean passed() {
    return checks.stream().noneMatch(check -> check.verdict() == Check.Verdict.FAILED);
  }
}
