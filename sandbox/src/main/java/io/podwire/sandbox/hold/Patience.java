package io.podwire.sandbox.hold;

import java.time.Duration;

/** Tries something again and again for some time. Confined to one thread. */
final class Patience {

  private static final long STEP_MILLIS = 100;

  private final long deadline;

  Patience(Duration time) {
    this.deadline = System.nanoTime() + time.toNanos();
  }

  /** Waits a moment; false once the time is over. */
  boolean pause() {
    if (System.nanoTime() - deadline >= 0) {
      return false;
    }
    try {
      Thread.sleep(STEP_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
