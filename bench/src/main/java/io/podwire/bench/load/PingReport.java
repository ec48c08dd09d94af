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
 * @param lost requests without an answer; those that were under way when the last answer that was
 *     wanted came are none
 */
public record PingReport(Samples roundTrips, int lost) {
  private static final Pattern ANSWER =
      Pattern.compile("icmp_seq=(\\d+) ttl=\\d+ time=([0-9.]+) ms");
  private static final Pattern SUMMARY = Pattern.compile("(\\d+) packets transmitted");

  /**
   * Reads the whole output.
   *
   * @param wanted answers, after which ping was to end
   */
  public static PingReport parse(String text, int wanted) {
    List<Double> times = new ArrayList<>();
    int last = 0;
    Matcher answers = ANSWER.matcher(text);
    while (answers.find()) {
      last = Math.max(last, Integer.parseInt(answers.group(1)));
      times.add(Double.valueOf(answers.group(2)));
    }
    Matcher summary = SUMMARY.matcher(text);
    if (times.isEmpty() || !summary.find()) {
      throw new BenchFailure("ping has no answer: " + text.strip());
    }
    int due = times.size() < wanted ? Integer.parseInt(summary.group(1)) : last;
    return new PingReport(Samples.of(times), due - times.size());
  }
}
