package io.podwire.netstack.impair;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long something took: count, sum and quantiles to three digits, from half a microsecond on.
 *
 * <p>Its memory follows the largest value. Not thread-safe; confined to the node's event loop.
 */
public final class TimeDistribution {

  private static final long SMALLEST_NANOS = 512;
  private static final long INITIAL_NANOS = 1_000_000;
  private static final long LARGEST_NANOS = 86_400_000_000_000L;
  private static final int DIGITS = 3;

  /** Made with the first value: most faults delay nothing. */
  private @Nullable Histogram histogram;

  private long count;
  private long sum;
  private long largest;

  public void add(long nanos) {
    Histogram values = histogram;
    if (values == null) {
      values = new Histogram(SMALLEST_NANOS, INITIAL_NANOS, DIGITS);
      values.setAutoResize(true);
      histogram = values;
    }
    long value = Math.clamp(nanos, 0, LARGEST_NANOS);
    values.recordValue(value);
    count++;
    sum += value;
    largest = Math.max(largest, value);
  }

  public TimeSummary summary() {
    Histogram values = histogram;
    if (values == null) {
      return TimeSummary.EMPTY;
    }
    return new TimeSummary(
        count,
        sum,
        Math.min(largest, values.getValueAtPercentile(50)),
        Math.min(largest, values.getValueAtPercentile(99)),
        largest);
  }
}
