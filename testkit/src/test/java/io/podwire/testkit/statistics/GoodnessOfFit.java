package io.podwire.testkit.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Tests of what was seen against a law, all at the level 0.001: a right program fails one of a
 * thousand of them, and does so by its seed, so that it fails always or never. Stateless.
 */
final class GoodnessOfFit {

  /** The two-sided 0.001 quantile of the normal distribution. */
  static final double SIGMAS = 3.29;

  /** Kolmogorov's quantile for 0.001. */
  private static final double KOLMOGOROV = 1.949;

  /** The one-sided 0.001 quantile of the normal distribution. */
  private static final double ONE_SIDED = 3.0902;

  private static final double EXPECTED_AT_LEAST = 10;

  private GoodnessOfFit() {}

  /**
   * Whether a count fits its share.
   *
   * @param inflation the variance of the count against that of independent events
   * @return the distance in standard deviations
   */
  static double expectShare(long events, long trials, double share, double inflation) {
    double sigma = Math.sqrt(trials * share * (1 - share) * inflation);
    double distance = (events - trials * share) / sigma;
    assertThat(Math.abs(distance))
        .as("standard deviations of %d among %d from the share %.5f", events, trials, share)
        .isLessThan(SIGMAS);
    return distance;
  }

  /**
   * Pearson's chi-square test of lengths; rare ones are taken together.
   *
   * @param counts of length i at i; there is no length 0
   * @return chi-square by its bound
   */
  static double expectLengths(long[] counts, DoubleUnaryOperator probability) {
    long total = Arrays.stream(counts).sum();
    double chiSquare = 0;
    int cells = 0;
    double restExpected = total;
    long restSeen = total;
    for (int i = 1; i < counts.length; i++) {
      double expected = total * probability.applyAsDouble(i);
      if (restExpected - expected < EXPECTED_AT_LEAST || expected < EXPECTED_AT_LEAST) {
        break;
      }
      chiSquare += square(counts[i] - expected) / expected;
      restExpected -= expected;
      restSeen -= counts[i];
      cells++;
    }
    chiSquare += square(restSeen - restExpected) / restExpected;
    assertThat(cells).as("cells of the test").isGreaterThan(2);
    double bound = chiSquareQuantile(cells);
    assertThat(chiSquare)
        .as("chi-square with %d degrees of freedom over %d", cells, total)
        .isLessThan(bound);
    return chiSquare / bound;
  }

  /** Wilson and Hilferty's approximation of the 0.999 quantile. */
  private static double chiSquareQuantile(int degrees) {
    double a = 2.0 / (9 * degrees);
    return degrees * Math.pow(1 - a + ONE_SIDED * Math.sqrt(a), 3);
  }

  /**
   * The Kolmogorov-Smirnov test against a distribution's function.
   *
   * @return the largest distance by its bound
   */
  static double expectDistribution(double[] values, DoubleUnaryOperator function) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double expected = function.applyAsDouble(sorted[i]);
      largest = Math.max(largest, Math.abs(expected - (double) i / sorted.length));
      largest = Math.max(largest, Math.abs(expected - (i + 1.0) / sorted.length));
    }
    double bound = KOLMOGOROV / Math.sqrt(sorted.length);
    assertThat(largest)
        .as("largest distance of the distribution functions over %d", sorted.length)
        .isLessThan(bound);
    return largest / bound;
  }

  private static double square(double value) {
    return value * value;
  }
}
