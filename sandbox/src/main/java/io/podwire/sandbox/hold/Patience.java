package io.podwire.sandbox.hold;

import java.time.Duration;

/** Tries something again and again for some time. Confined to one thread. */
final class Patience {

  private static final long FIRST_STEP_MILLIS = 50;
  private static final long LAST_STEP_MILLIS = 1000;

  private final long deadline;
  private long step = FIRST_STEP_MILLIS;

  Patience(Duration time) {
    this.deadline = System.nanoTime() + time.toNanos();
  }

  /** Waits a moment, each time a longer one; false once the time is over. */
  boolean pause() {
    if (System.nanoTime() - deadline >= 0) {
      return false;
    }
    try {
      Thread.sleep(step);
      step = Math.min(2 * step, LAST_STEP_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
