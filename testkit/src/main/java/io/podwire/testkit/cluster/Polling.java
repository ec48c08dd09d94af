package io.podwire.testkit.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what no event tells. */
final class Polling {
  private static final long PAUSE_MILLIS = 5;

  private Polling() {}

  /** Asks until there is a value; empty where there is none within the limit. */
  static <T> Optional<T> until(Duration limit, Supplier<Optional<T>> question) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent() || System.nanoTime() - deadline >= 0) {
        return answer;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new ClusterFailure("interrupted", stopped);
      }
    }
  }

  /** Whether it holds within the limit. */
  static boolean holds(Duration limit, BooleanSupplier condition) {
    return until(limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty())
        .isPresent();
  }
}
