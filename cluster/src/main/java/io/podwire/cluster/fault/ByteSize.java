package io.podwire.cluster.fault;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes in tc(8)'s notation: a bare number or {@code b} is bytes; {@code k} or {@code kb}, {@code
 * m} or {@code mb}, {@code g} or {@code gb} are steps of 1024.
 */
public final class ByteSize {

  private static final Pattern SIZE = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+) *([a-z]*)");
  private static final Map<String, Long> BYTES =
      Map.of(
          "", 1L, "b", 1L, "k", 1L << 10, "kb", 1L << 10, "m", 1L << 20, "mb", 1L << 20, "g",
          1L << 30, "gb", 1L << 30);
  private static final String EXAMPLE = "write bytes, or a text such as 64kb or 20mb";

  private ByteSize() {}

  /**
   * Bytes; a fraction of one is cut off.
   *
   * @throws IllegalArgumentException whose message goes on after the text: {@code is no size; …}
   */
  public static long parse(String text) {
    Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    Long unit = size.matches() ? BYTES.get(size.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("is no size; " + EXAMPLE);
    }
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(unit));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("is more than can be counted; " + EXAMPLE);
    }
    return bytes.longValue();
  }
}
