package io.podwire.netstack.impair.model;

/**
 * netem's {@code delay TIME [JITTER [CORRELATION]] [distribution D]}, one way: latency plus a
 * deviation around 0 whose size is the jitter.
 *
 * <p>Never negative. As in netem, jitter may change the packets' order.
 *
 * @param jitterNanos half the range of the uniform distribution, the standard deviation of the
 *     normal one
 * @param correlation of a packet's deviation with that of the one before it, 0-1
 */
public record Delay(
    long latencyNanos, long jitterNanos, double correlation, Distribution distribution)
    implements Impairment {

  /** A day; netem's jitter ends at two seconds. */
  private static final long MAX_NANOS = 86_400_000_000_000L;

  public Delay {
    inRange("delay", latencyNanos);
    inRange("jitter", jitterNanos);
    Checks.correlation("jitter", correlation, jitterNanos > 0);
  }

  public Delay(long latencyNanos) {
    this(latencyNanos, 0);
  }

  public Delay(long latencyNanos, long jitterNanos) {
    this(latencyNanos, jitterNanos, 0, Distribution.UNIFORM);
  }

  private static void inRange(String name, long nanos) {
    Checks.notNegative(name, nanos);
    if (nanos > MAX_NANOS) {
      throw new IllegalArgumentException(name + " must be a day at most, got " + nanos + " ns");
    }
  }

  public CorrelatedDraw start(Draws draws) {
    return new CorrelatedDraw(draws, Stream.DELAY, Stream.DELAY_REPEAT, correlation);
  }

  /** The delay for a draw of 0 to 2^32 - 1. */
  public long nanos(long uint32) {
    return jitterNanos == 0
        ? latencyNanos
        : Math.max(0, latencyNanos + distribution.deviation(uint32, jitterNanos));
  }

  public boolean isRandom() {
    return jitterNanos > 0;
  }
}
