package io.podwire.cluster.fault;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rates in tc(8)'s and Chaos Mesh's notation: {@code bit} to {@code tbit} are bits a second, {@code
 * bps} to {@code tbps} are bytes a second; the steps are of 1000. Case and inner blanks do not
 * matter.
 */
public final class BitRate {

  private static final Pattern RATE = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+) *([a-z/]*)");
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final Map<String, Long> BITS =
      Map.of(
          "bit", 1L,
          "kbit", 1_000L,
          "mbit", 1_000_000L,
          "gbit", 1_000_000_000L,
          "tbit", 1_000_000_000_000L,
          "bps", 8L,
          "kbps", 8_000L,
          "mbps", 8_000_000L,
          "gbps", 8_000_000_000L,
          "tbps", 8_000_000_000_000L);
  private static final String EXAMPLE = "write it as 10mbit (bits a second) or 1mbps (bytes)";

  private BitRate() {}

  /**
   * Bits a second, at least 1.
   *
   * @throws IllegalArgumentException whose message goes on after the text: {@code has no unit; …}
   */
  public static long parse(String text) {
    Matcher rate = RATE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!rate.matches()) {
      throw new IllegalArgumentException("is no rate; " + EXAMPLE);
    }
    if (rate.group(2).isEmpty()) {
      throw new IllegalArgumentException("has no unit; " + EXAMPLE);
    }
    Long unit = BITS.get(rate.group(2));
    if (unit == null) {
      throw new IllegalArgumentException(
          "has the unit '"
              + rate.group(2)
              + "', which is none of bit, kbit, mbit, gbit, tbit, bps, kbps, mbps, gbps, tbps; "
              + EXAMPLE);
    }
    BigDecimal bits = new BigDecimal(rate.group(1)).multiply(BigDecimal.valueOf(unit));
    if (bits.compareTo(BigDecimal.ONE) < 0) {
      throw new IllegalArgumentException(
          "is less than one bit a second; " + EXAMPLE + ", or a partition for no traffic at all");
    }
    if (bits.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("is more than can be counted; " + EXAMPLE);
    }
    return bits.longValue();
  }

  /** The shortest text in bits that reads as this rate again. */
  public static String format(long bitsPerSecond) {
    for (String unit : new String[] {"tbit", "gbit", "mbit", "kbit"}) {
      long size = BITS.getOrDefault(unit, 1L);
      if (bitsPerSecond != 0 && bitsPerSecond % size == 0) {
        return bitsPerSecond / size + unit;
      }
    }
    return bitsPerSecond + "bit";
  }
}
