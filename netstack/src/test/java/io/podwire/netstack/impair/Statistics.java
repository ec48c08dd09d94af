package io.podwire.netstack.impair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Tests of what was seen against a law, at the level 0.001; seeds make them repeatable. */
final class Statistics {

  /** The two-sided 0.001 quantile of the normal distribution. */
  static final double SIGMAS = 3.29;

  /** Kolmogorov's quantile for 0.001. */
  private static final double KOLMOGOROV = 1.949;

  private static final double EXPECTED_AT_LEAST = 10;

  private Statistics() {}

  /** Whether a count of independent events fits its probability. */
  static void expectShare(long events, long trials, double probability) {
    double sigma = Math.sqrt(trials * probability * (1 - probability));
    assertThat((double) events)
        .as("%d of %d with probability %s", events, trials, probability)
        .isBetween(trials * probability - SIGMAS * sigma, trials * probability + SIGMAS * sigma);
  }

  /** Pearson's test; {@code probabilities.at(i)} is that of {@code counts[i]}, i from 1. */
  static void expectLaw(long[] counts, DoubleUnaryOperator probabilities) {
    long total = Arrays.stream(counts).sum();
    double chiSquare = 0;
    int cells = 0;
    double restExpected = total;
    long restSeen = total;
    for (int i = 1; i < counts.length; i++) {
      double expected = total * probabilities.applyAsDouble(i);
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
    assertThat(chiSquare)
        .as("chi-square with %d degrees of freedom over %d", cells, total)
        .isLessThan(quantile(cells));
  }

  private static double square(double value) {
    return value * value;
  }

  /** Wilson and Hilferty's approximation of the 0.999 quantile of chi-square. */
  private static double quantile(int degrees) {
    double a = 2.0 / (9 * degrees);
    return degrees * Math.pow(1 - a + 3.0902 * Math.sqrt(a), 3);
  }

  /** The Kolmogorov-Smirnov test against a distribution's function. */
  static void expectDistribution(double[] values, DoubleUnaryOperator function) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double expected = function.applyAsDouble(sorted[i]);
      largest = Math.max(largest, Math.abs(expected - (double) i / sorted.length));
      largest = Math.max(largest, Math.abs(expected - (i + 1.0) / sorted.length));
    }
    assertThat(largest)
        .as("largest distance of the distribution functions over %d", sorted.length)
        .isLessThan(KOLMOGOROV / Math.sqrt(sorted.length));
  }

  /** The standard normal distribution's function, by Simpson's rule over its density. */
  static double normal(double x) {
    int steps = 400;
    double from = Math.min(0, x);
    double width = Math.abs(x) / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-square(from + i * width) / 2);
    }
    double area = sum * width / 3 / Math.sqrt(2 * Math.PI);
    return x < 0 ? 0.5 - area : 0.5 + area;
  }
}
