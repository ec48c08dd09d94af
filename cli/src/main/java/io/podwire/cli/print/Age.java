package io.podwire.cli.print;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** How long ago something was, in kubectl's short form: the fewer units, the longer ago. */
public final class Age {
  private static final String UNKNOWN = "<unknown>";

  private Age() {}

  /** The age of a Kubernetes timestamp (RFC 3339); an absent or odd one is {@code <unknown>}. */
  public static String since(String timestamp, Instant now) {
    if (timestamp.isEmpty()) {
      return UNKNOWN;
    }
    try {
      return text(Duration.between(Instant.parse(timestamp), now));
    } catch (DateTimeException odd) {
      return UNKNOWN;
    }
  }

  /** A duration as text; the future counts as now, since clocks differ a little. */
  public static String text(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (seconds < 120) {
      return seconds + "s";
    }
    if (minutes < 10) {
      return minutes + "m" + rest(seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    if (hours < 8) {
      return hours + "h" + rest(minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    if (days < 8) {
      return days + "d" + rest(hours % 24, "h");
    }
    if (days < 2 * 365) {
      return days + "d";
    }
    return days / 365 + "y" + (days < 8 * 365 ? rest(days % 365, "d") : "");
  }

  private static String rest(long amount, String unit) {
    return amount == 0 ? "" : amount + unit;
  }
}
