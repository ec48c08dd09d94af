package io.podwire.bench.load;

import io.podwire.bench.measure.Samples;
import io.podwire.bench.program.BenchFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answers that ping (iputils) printed.
 *
 * @param roundTrips milliseconds
 * @param sent requests
 */
public record PingReport(Samples roundTrips, int sent) {
  private static final Pattern ANSWER = Pattern.compile("icmp_seq=\\d+ ttl=\\d+ time=([0-9.]+) ms");
  private static final Pattern SUMMARY = Pattern.compile("(\\d+) packets transmitted");

  /** Reads the whole output. */
  public static PingReport parse(String text) {
    List<Double> times = new ArrayList<>();
    Matcher answers = ANSWER.matcher(text);
    while (answers.find()) {
      times.add(Double.valueOf(answers.group(1)));
    }
    Matcher summary = SUMMARY.matcher(text);
    if (times.isEmpty() || !summary.find()) {
      throw new BenchFailure("ping has no answer: " + text.strip());
    }
    return new PingReport(Samples.of(times), Integer.parseInt(summary.group(1)));
  }

  /** Requests without an answer. */
  public int lost() {
    return sent - roundTrips.values().size();
  }
}
