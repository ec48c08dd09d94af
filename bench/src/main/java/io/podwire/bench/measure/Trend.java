package io.podwire.bench.measure;

import java.util.List;
import java.util.Locale;

/**
 * The straight line through values that were measured one after the other at equal distances, by
 * least squares, and how sure its slope is.
 *
 * @param slope from one value to the next
 * @param margin on both sides of the slope: the true one is within it in 95 of 100 cases, where the
 *     values' noise is independent
 */
public record Trend(double slope, double margin) {
  private static final double NORMAL_95 = 1.959964;
  private static final int FEWEST = 3;

  /** Through these values; at least three. */
  public static Trend of(List<Double> values) {
    int count = values.size();
    if (count < FEWEST) {
      throw new IllegalArgumentException(count + " values make no trend: measure longer");
    }
    double meanX = (count - 1) / 2.0;
    double meanY = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double spread = 0;
    double together = 0;
    for (int x = 0; x < count; x++) {
      spread += (x - meanX) * (x - meanX);
      together += (x - meanX) * (values.get(x) - meanY);
    }
    double slope = together / spread;
    double rest = 0;
    for (int x = 0; x < count; x++) {
      double off = values.get(x) - meanY - slope * (x - meanX);
      rest += off * off;
    }
    int freedom = count - 2;
    return new Trend(slope, student(freedom) * Math.sqrt(rest / freedom / spread));
  }

  /** Student's t for 95 %, by the first terms of its expansion in 1/freedom. */
  static double student(int freedom) {
    double z = NORMAL_95;
    double z3 = z * z * z;
    double z5 = z3 * z * z;
    return z
        + (z3 + z) / (4.0 * freedom)
        + (5 * z5 + 16 * z3 + 3 * z) / (96.0 * freedom * freedom)
        + (3 * z5 * z * z + 19 * z5 + 17 * z3 - 15 * z) / (384.0 * freedom * freedom * freedom);
  }

  /** Slope and interval for so many steps, such as those of a minute. */
  public String text(double steps) {
    return String.format(
        Locale.ROOT,
        "%+.3f (95 %%: %+.3f to %+.3f)",
        slope * steps,
        (slope - margin) * steps,
        (slope + margin) * steps);
  }
}
