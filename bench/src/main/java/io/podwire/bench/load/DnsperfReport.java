package io.podwire.bench.load;

import io.podwire.bench.program.BenchFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statistics that dnsperf prints at its end.
 *
 * @param lost without an answer in time
 * @param failed answered otherwise than NOERROR
 * @param absent of these, answered NXDOMAIN
 * @param latencyMillis the mean
 */
public record DnsperfReport(
    long sent,
    long completed,
    long lost,
    long failed,
    long absent,
    double queriesPerSecond,
    double latencyMillis) {

  /** Reads the whole output. */
  public static DnsperfReport parse(String text) {
    long completed = (long) number(text, "Queries completed:");
    return new DnsperfReport(
        (long) number(text, "Queries sent:"),
        completed,
        (long) number(text, "Queries lost:"),
        completed - answered(text, "NOERROR"),
        answered(text, "NXDOMAIN"),
        number(text, "Queries per second:"),
        number(text, "Average Latency (s):") * 1e3);
  }

  private static long answered(String text, String rcode) {
    Matcher found = Pattern.compile(rcode + "\\s+(\\d+)").matcher(text);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  private static double number(String text, String label) {
    Matcher found = Pattern.compile(Pattern.quote(label) + "\\s+([0-9.]+)").matcher(text);
    if (!found.find()) {
      throw new BenchFailure("dnsperf wrote no line '" + label + "': " + text.strip());
    }
    return Double.parseDouble(found.group(1));
  }
}
