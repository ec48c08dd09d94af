package io.podwire.netstack.impair.model;

/**
 * What the parameters of impairments have to be; each message names the parameter and its value.
 */
final class Checks {

  private Checks() {}

  static void probability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be 0-100 %, got " + value * 100 + " %");
    }
  }

  /** A correlation needs something that it correlates. */
  static void correlation(String name, double correlation, boolean hasBase) {
    probability(name + " correlation", correlation);
    if (correlation > 0 && !hasBase) {
      throw new IllegalArgumentException(
          name + " correlation " + correlation * 100 + " % without " + name);
    }
  }

  static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, got " + value);
    }
  }

  static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be above 0, got " + value);
    }
  }
}
