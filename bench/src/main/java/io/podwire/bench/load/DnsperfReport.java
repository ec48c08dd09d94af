package io.podwire.bench.load;

import io.podwire.bench.program.BenchFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statistics that dnsperf prints at its end.
 *
 * @param lost without an answer in time
 * @param failed answered otherwise than NOERROR
 * @param latencyMillis the mean
 */
public record DnsperfReport(
    long sent,
    long completed,
    long lost,
    long failed,
    double queriesPerSecond,
    double latencyMillis) {
  private static final Pattern NO_ERROR = Pattern.compile("NOERROR\\s+(\\d+)");

  /** Reads the whole output. */
  public static DnsperfReport parse(String text) {
    long completed = (long) number(text, "Queries completed:");
    Matcher answered = NO_ERROR.matcher(text);
    return new DnsperfReport(
        (long) number(text, "Queries sent:"),
        completed,
        (long) number(text, "Queries lost:"),
        completed - (answered.find() ? Long.parseLong(answered.group(1)) : 0),
        number(text, "Queries per second:"),
        number(text, "Average Latency (s):") * 1e3);
  }

  private static double number(String text, String label) {
    Matcher found = Pattern.compile(Pattern.quote(label) + "\\s+([0-9.]+)").matcher(text);
    if (!found.find()) {
      throw new BenchFailure("dnsperf wrote no line '" + label + "': " + text.strip());
    }
    return Double.parseDouble(found.group(1));
  }
}
