package io.podwire.testkit.statistics;

import java.util.Arrays;

/** Sorted values. Immutable. */
final class Quantiles {

  private final long[] sorted;

  private Quantiles(long[] sorted) {
    this.sorted = sorted;
  }

  /** Of these values, one at least. */
  static Quantiles of(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quantiles(sorted);
  }

  long at(double quantile) {
    return sorted[(int) Math.round(quantile * (sorted.length - 1))];
  }

  long least() {
    return sorted[0];
  }

  double mean() {
    return Arrays.stream(sorted).average().orElseThrow();
  }
}
