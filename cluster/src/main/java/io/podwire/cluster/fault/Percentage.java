package io.podwire.cluster.fault;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Percentages, {@code 12.5%} or as Chaos Mesh's bare {@code 12.5}, as fractions from 0 to 1. */
public final class Percentage {

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");
  private static final double PERCENT = 100;

  private Percentage() {}

  /**
   * The fraction of a text that ends with {@code %}.
   *
   * @throws IllegalArgumentException whose message goes on after the text: {@code is over 100 %; …}
   */
  public static double parse(String text) {
    String number = text.strip();
    if (number.endsWith("%")) {
      return fraction(number.substring(0, number.length() - 1).strip());
    }
    throw new IllegalArgumentException(
        NUMBER.matcher(number).matches()
            ? "has no unit; write it with a percent sign, as " + number + "%"
            : "is no percentage; write it as 12.5%");
  }

  /**
   * The fraction of a text without unit.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static double parseBare(String text) {
    if (text.endsWith("%")) {
      throw new IllegalArgumentException(
          "has a percent sign, which Chaos Mesh refuses; write it as"
              + " a number from 0 to 100 in quotes, such as \"12.5\"");
    }
    return fraction(text.strip());
  }

  /** A text that {@link #parse} reads as this fraction again. */
  public static String format(double fraction) {
    BigDecimal percent = BigDecimal.valueOf(fraction).movePointRight(2).stripTrailingZeros();
    return percent.toPlainString() + "%";
  }

  private static double fraction(String number) {
    if (!NUMBER.matcher(number).matches()) {
      throw new IllegalArgumentException("is no percentage; write a number from 0 to 100");
    }
    double percent = Double.parseDouble(number);
    if (percent > PERCENT) {
      throw new IllegalArgumentException("is over 100 %; write a number from 0 to 100");
    }
    if (percent < 0) {
      throw new IllegalArgumentException("is below 0 %; write a number from 0 to 100");
    }
    return percent / PERCENT;
  }
}
