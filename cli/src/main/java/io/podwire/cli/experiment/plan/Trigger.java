package io.podwire.cli.experiment.plan;

import java.time.Duration;

/** When a step begins. Times are counted from the beginning of the timeline. */
public sealed interface Trigger {

  /** At a time. */
  record At(Duration time) implements Trigger {}

  /** So long after a step has ended. */
  record After(String step, Duration delay) implements Trigger {}

  /** Again and again, from the first time on and before the last. */
  record Every(Duration period, Duration from, Duration until) implements Trigger {}

  /** As soon as a probe holds, or does not hold any more, and this before the time is over. */
  record When(String probe, boolean holds, Duration within) implements Trigger {}
}
