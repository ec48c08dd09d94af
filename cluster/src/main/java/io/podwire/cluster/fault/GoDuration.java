package io.podwire.cluster.fault;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go writes them: {@code 100ms}, {@code 1h5m}, {@code 1.5s}.
 *
 * <p>Units are ns, us (or µs), ms, s, m and h; resolution is one nanosecond.
 */
public final class GoDuration {

  private static final Pattern PART = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)([^0-9.]*)");
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "\u00b5s", 1_000L,
          "\u03bcs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);
  private static final String EXAMPLE = "write it as 100ms, 1.5s or 1h5m";

  private GoDuration() {}

  /**
   * The duration, which may be negative.
   *
   * @throws IllegalArgumentException whose message goes on after the text: {@code has no unit; …}
   */
  public static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    if (digits.equals("0")) {
      return Duration.ZERO;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(digits);
    int end = 0;
    while (part.find() && part.start() == end) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit(part)));
      end = part.end();
    }
    if (end == 0 || end < digits.length()) {
      throw new IllegalArgumentException("is no duration; " + EXAMPLE);
    }
    if (nanos.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("is longer than 292 years; " + EXAMPLE);
    }
    return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
  }

  /** The shortest text that reads as this duration again, in one unit. */
  public static String format(Duration duration) {
    long nanos = duration.toNanos();
    for (String unit : new String[] {"h", "m", "s", "ms", "us"}) {
      long size = NANOS.getOrDefault(unit, 1L);
      if (nanos != 0 && nanos % size == 0) {
        return nanos / size + unit;
      }
    }
    return nanos == 0 ? "0s" : nanos + "ns";
  }

  private static BigDecimal unit(Matcher part) {
    String unit = part.group(2);
    if (unit.isEmpty()) {
      throw new IllegalArgumentException("has no unit; " + EXAMPLE);
    }
    Long nanos = NANOS.get(unit);
    if (nanos == null) {
      throw new IllegalArgumentException(
          "has the unit '" + unit + "', which is none of ns, us, ms, s, m, h; " + EXAMPLE);
    }
    return BigDecimal.valueOf(nanos);
  }
}
