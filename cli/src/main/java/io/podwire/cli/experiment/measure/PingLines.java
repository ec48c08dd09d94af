package io.podwire.cli.experiment.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ping -n -D -O} of iputils prints. It says "no answer yet" when it sends the next one;
 * an answer that comes later than that is still an answer, until the timeout. Not thread-safe.
 */
public final class PingLines {
  private static final double SECOND = 1e3;
  private static final Pattern ANSWERED =
      Pattern.compile("\\[([0-9.]+)] .*icmp_seq=([0-9]+) .*time=([0-9.]+) ms.*");
  private static final Pattern MISSING =
      Pattern.compile("\\[([0-9.]+)] no answer yet for icmp_seq=([0-9]+).*");
  private static final Pattern REFUSED =
      Pattern.compile("\\[([0-9.]+)] From .*icmp_seq=([0-9]+) (.*)");

  private final Map<Integer, Double> missing = new LinkedHashMap<>();
  private final double timeoutMillis;
  private final double intervalSeconds;

  /** Lines of a ping with this interval. */
  public PingLines(double timeoutMillis, double intervalSeconds) {
    this.timeoutMillis = timeoutMillis;
    this.intervalSeconds = intervalSeconds;
  }

  /** The requests that the line decides, with times in seconds since 1970. */
  public List<Sample> parse(String line) {
    List<Sample> samples = new ArrayList<>();
    Matcher answered = ANSWERED.matcher(line);
    Matcher none = MISSING.matcher(line);
    Matcher refused = REFUSED.matcher(line);
    if (answered.matches()) {
      double now = Double.parseDouble(answered.group(1));
      double millis = Double.parseDouble(answered.group(3));
      missing.remove(Integer.parseInt(answered.group(2)));
      boolean good = millis <= timeoutMillis;
      samples.add(new Sample(now - millis / SECOND, millis, good, good ? "reply" : "TIMEOUT"));
      expire(now, samples);
    } else if (none.matches()) {
      double now = Double.parseDouble(none.group(1));
      missing.put(Integer.parseInt(none.group(2)), now - intervalSeconds);
      expire(now, samples);
    } else if (refused.matches()) {
      double now = Double.parseDouble(refused.group(1));
      missing.remove(Integer.parseInt(refused.group(2)));
      samples.add(new Sample(now, 0, false, refused.group(3).strip()));
    }
    return samples;
  }

  private void expire(double now, List<Sample> samples) {
    missing
        .values()
        .removeIf(sent -> {
          boolean over = (now - sent) * SECOND > timeoutMillis;
          if (over) {
            samples.add(new Sample(sent, timeoutMillis, false, "TIMEOUT"));
          }
          return over;
        });
  }
}
