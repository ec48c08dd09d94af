package io.podwire.cluster.fault;

import java.util.Locale;

/**
 * So many of so many, with the confidence that belongs to {@link #SIGMAS}.
 *
 * @param hits of the trials
 * @param inflation of the variance by trials that depend on each other; 1 where they do not
 */
public record Proportion(long hits, long trials, double inflation) {

  /** A deviation that chance exceeds once in a thousand times. */
  public static final double SIGMAS = 3.29;

  /** Of either outcome, below which the normal distribution does not describe a binomial one. */
  private static final double FEWEST = 10;

  private static final double FEWEST_TRIALS = 100;

  public double share() {
    return trials == 0 ? 0 : (double) hits / trials;
  }

  /** How many trials a test against this probability takes. */
  public long needed(double probability) {
    double rarer = Math.min(probability, 1 - probability);
    double independent = rarer <= 0 ? 1 : Math.max(FEWEST_TRIALS, FEWEST / rarer);
    return (long) Math.ceil(independent * inflation);
  }

  /** The distance from the expectation in standard deviations. */
  public double deviations(double probability) {
    double expected = trials * probability;
    double deviation = Math.sqrt(expected * (1 - probability) * inflation);
    double distance = hits - expected;
    if (deviation > 0) {
      return distance / deviation;
    }
    return Math.abs(distance) < 0.5 ? 0 : Math.copySign(Double.POSITIVE_INFINITY, distance);
  }

  /** The lower end of Wilson's interval. */
  public double low() {
    return Math.max(0, middle() - halfWidth());
  }

  /** The upper end of Wilson's interval. */
  public double high() {
    return Math.min(1, middle() + halfWidth());
  }

  private double middle() {
    double effective = trials / inflation;
    double square = SIGMAS * SIGMAS;
    return (share() + square / (2 * effective)) / (1 + square / effective);
  }

  private double halfWidth() {
    double effective = trials / inflation;
    double square = SIGMAS * SIGMAS;
    double spread = share() * (1 - share()) / effective + square / (4 * effective * effective);
    return SIGMAS / (1 + square / effective) * Math.sqrt(spread);
  }

  /** {@code 10.2 % [9.8 %, 10.6 %] of 20000}. */
  @Override
  public String toString() {
    return trials == 0
        ? "none of 0"
        : percent(share()) + " [" + percent(low()) + ", " + percent(high()) + "] of " + trials;
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.4g", share * 100)
            .replaceAll("(\\.\\d*?)0+$", "$1")
            .replaceAll("\\.$", "")
        + " %";
  }
}
