package io.podwire.controlplane.sync;

/**
 * How fast followers are told of changes: of one that comes after a quiet time at once, of those
 * that follow it together, after a gap that grows with the number of followers.
 *
 * <p>Each message wakes every follower; without the gap, a hundred agents on one machine would be
 * woken for each of the hundreds of objects of one apply. Not thread-safe.
 */
final class FanOutPace {

  private static final long GAP_PER_FOLLOWER_NANOS = 500_000;
  private static final long LONGEST_GAP_NANOS = 100_000_000;

  // Its multiples, without their whole parts, are spread evenly however many there are.
  private static final double GOLDEN = 0.6180339887498949;

  private boolean begun;
  private long last;

  /**
   * Plans the next message to all.
   *
   * @param now of a clock that counts nanoseconds from anywhere
   * @return nanoseconds to wait until then; 0 for at once
   */
  long next(long now, int followers) {
    long gap = Math.min(LONGEST_GAP_NANOS, followers * GAP_PER_FOLLOWER_NANOS);
    long wait = begun ? Math.max(0, last + gap - now) : 0;
    begun = true;
    last = now + wait;
    return wait;
  }

  /** When within a period the n-th of any number of followers has its turn, in the same unit. */
  static long phase(long n, long period) {
    double turns = n * GOLDEN;
    return (long) ((turns - Math.floor(turns)) * period);
  }
}
