package io.podwire.cli.experiment.measure;

import java.util.Arrays;
import java.util.List;

/** What a number of requests came to. Immutable. */
public final class Summary {
  private final double[] sorted;
  private final int errors;

  private Summary(double[] sorted, int errors) {
    this.sorted = sorted;
    this.errors = errors;
  }

  /** Of these requests. */
  public static Summary of(List<Sample> samples) {
    double[] sorted =
        samples.stream().filter(Sample::good).mapToDouble(Sample::millis).sorted().toArray();
    return new Summary(sorted, samples.size() - sorted.length);
  }

  /** How many there were. */
  public int count() {
    return sorted.length + errors;
  }

  /** How many failed. */
  public int errors() {
    return errors;
  }

  /** The share that failed; not a number where there was none at all. */
  public double errorRate() {
    return count() == 0 ? Double.NaN : (double) errors / count();
  }

  /**
   * The latency in milliseconds that so many of the successful requests did not exceed, by the
   * nearest rank; not a number where there was none.
   */
  public double quantile(double quantile) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(quantile * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  /** The mean latency in milliseconds of those that succeeded. */
  public double mean() {
    return Arrays.stream(sorted).average().orElse(Double.NaN);
  }
}
