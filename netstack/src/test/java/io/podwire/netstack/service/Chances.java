package io.podwire.netstack.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Pearson's test of counts against shares, at the level 0.001; seeds make it repeatable. */
public final class Chances {

  /** The one-sided 0.001 quantile of the normal distribution. */
  private static final double QUANTILE = 3.0902;

  private Chances() {}

  /** Expects that the counts come from these weights, and are not as even as only turns make. */
  public static void expectShares(int[] counts, double... weights) {
    double chiSquare = chiSquare(counts, weights);
    int degrees = counts.length - 1;
    assertThat(chiSquare)
        .as("chi-square of %s with %d degrees of freedom", Arrays.toString(counts), degrees)
        .isPositive()
        .isLessThan(quantile(degrees));
  }

  /** Whether counts could come from these weights: for a test of the test. */
  public static boolean fits(int[] counts, double... weights) {
    return chiSquare(counts, weights) < quantile(counts.length - 1);
  }

  private static double chiSquare(int[] counts, double... weights) {
    double total = Arrays.stream(counts).sum();
    double sum = Arrays.stream(weights).sum();
    double chiSquare = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = total * weights[i] / sum;
      chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return chiSquare;
  }

  /** Wilson and Hilferty's approximation. */
  private static double quantile(int degrees) {
    double a = 2.0 / (9 * degrees);
    return degrees * Math.pow(1 - a + QUANTILE * Math.sqrt(a), 3);
  }
}
