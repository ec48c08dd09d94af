package io.podwire.cli.experiment.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers for people: as many digits as matter. */
public final class Numbers {
  private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);
  private static final double SECOND = 1000;
  private static final double MANY = 100;

  private Numbers() {}

  /** Three digits, or all of a larger number before the point. */
  public static String plain(double value) {
    if (!Double.isFinite(value)) {
      return "none";
    }
    BigDecimal exact = BigDecimal.valueOf(value);
    BigDecimal rounded =
        Math.abs(value) >= MANY ? exact.setScale(0, RoundingMode.HALF_UP) : exact.round(DIGITS);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** Milliseconds with the unit that fits. */
  public static String millis(double millis) {
    if (!Double.isFinite(millis)) {
      return "none";
    }
    return Math.abs(millis) >= SECOND ? plain(millis / SECOND) + " s" : plain(millis) + " ms";
  }

  /** A fraction from 0 to 1. */
  public static String percent(double fraction) {
    return Double.isFinite(fraction) ? plain(fraction * MANY) + " %" : "none";
  }
}
