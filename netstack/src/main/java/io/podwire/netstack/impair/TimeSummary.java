package io.podwire.netstack.impair;

/** How long something took, in nanoseconds; the quantiles have three digits. */
public record TimeSummary(long count, long sum, long p50, long p99, long max) {

  static final TimeSummary EMPTY = new TimeSummary(0, 0, 0, 0, 0);

  public double mean() {
    return count == 0 ? 0 : (double) sum / count;
  }
}
