package io.podwire.agent.pod;

import java.time.Duration;

/**
 * How long a container that has ended waits for its next start (Kubernetes' Pod lifecycle, "How
 * Pods handle problems with containers"): not at first, then 10 s doubling to 300 s; a run of ten
 * minutes starts over.
 *
 * <p>Not thread-safe.
 */
final class RestartBackoff {

  static final Duration FIRST = Duration.ofSeconds(10);
  static final Duration LONGEST = Duration.ofMinutes(5);
  static final Duration RESET_AFTER = Duration.ofMinutes(10);

  private Duration next = Duration.ZERO;

  /** The wait after a run of that length. */
  Duration afterRun(Duration ranFor) {
    if (ranFor.compareTo(RESET_AFTER) >= 0) {
      next = Duration.ZERO;
    }
    Duration wait = next;
    Duration doubled = next.isZero() ? FIRST : next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return wait;
  }

  /** As it stands after that many restarts, for a container taken over from an earlier agent. */
  static RestartBackoff afterRestarts(int restarts) {
    RestartBackoff backoff = new RestartBackoff();
    for (int i = 0; i < Math.min(restarts, 10); i++) {
      backoff.afterRun(Duration.ZERO);
    }
    return backoff;
  }
}
