package io.podwire.cli.experiment.plan;

import java.time.Duration;

/** What has to be true for the experiment to pass. */
public sealed interface Assertion {

  /**
   * Of a workload's requests.
   *
   * @param during a step's name, or one of the words in {@link Phase}
   * @param settle how much of the beginning of the phase does not count
   */
  record Requests(String workload, Criterion criterion, String during, Duration settle)
      implements Assertion {}

  /** The receipt of a fault has this verdict. */
  record Receipt(String step, String verdict) implements Assertion {}

  /** No fault acts any more when the experiment is over. */
  record NoResidualFault() implements Assertion {}
}
