package io.podwire.cli.experiment.run;

/**
 * One thing that decides whether an experiment has passed.
 *
 * @param kind assertion, receipt, step or workload
 * @param name what should be
 * @param seen what was
 */
public record Check(String kind, String name, String seen, Verdict verdict) {
  /** How it came out. */
  public enum Verdict {
    PASSED,
    FAILED,
    /** Nothing can be said, which does not fail an experiment. */
    INCONCLUSIVE
  }

  static Check of(String kind, String name, String seen, boolean passed) {
    return new Check(kind, name, seen, passed ? Verdict.PASSED : Verdict.FAILED);
  }
}
