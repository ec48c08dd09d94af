package io.podwire.bench.measure;

import java.util.Optional;

/**
 * A row's values against another's, or for themselves, and what they are to be.
 *
 * @param subject whose they are
 * @param against who they are divided by; empty for the value itself
 * @param values one for each round
 * @param target empty where it is only reported
 */
public record Verdict(String subject, String against, Samples values, Optional<Target> target) {

  /** The ratio of two peers' values, round by round. */
  public static Verdict ratio(Series subject, Series against, Optional<Target> target) {
    return new Verdict(
        subject.peer(), against.peer(), subject.samples().ratioTo(against.samples()), target);
  }

  /** The values themselves. */
  public static Verdict absolute(Series subject, Target target) {
    return new Verdict(subject.peer(), "", subject.samples(), Optional.of(target));
  }

  /** Whether the median reaches the target; true where there is none. */
  public boolean isMet() {
    return target.map(bound -> bound.isMetBy(values.median())).orElse(true);
  }
}
