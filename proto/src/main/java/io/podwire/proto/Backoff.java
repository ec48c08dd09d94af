package io.podwire.proto;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from a tenth of a second to four, with up to a
 * third of jitter, so that the followers of a restarted control plane do not come in step.
 *
 * <p>The addresses of one round are tried without waiting. Not thread-safe.
 */
final class Backoff {

  static final Duration FIRST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofSeconds(4);

  private final int addresses;
  private final RandomGenerator random;
  private int failures;

  Backoff(int addresses, RandomGenerator random) {
    this.addresses = addresses;
    this.random = random;
  }

  /** Counts a failure and says how long to wait. */
  Duration afterFailure() {
    failures++;
    if (failures % addresses != 0) {
      return Duration.ZERO;
    }
    int doublings = Math.min(failures / addresses - 1, 16);
    long base = Math.min(FIRST.toMillis() << doublings, LONGEST.toMillis());
    return Duration.ofMillis(base - random.nextLong(base / 3));
  }

  void succeeded() {
    failures = 0;
  }
}
