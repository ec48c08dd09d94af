package io.podwire.cli.experiment.measure;

import io.podwire.cli.experiment.plan.Criterion;
import io.podwire.cli.experiment.plan.Numbers;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a criterion is true of some requests.
 *
 * @param seen what was seen, for people
 */
public record Judgement(boolean holds, String seen) {

  /**
   * Judges the requests of a span. Where there were none nothing holds: an experiment that measured
   * nothing has shown nothing.
   *
   * @param seconds the span's length
   */
  public static Judgement of(Criterion criterion, List<Sample> samples, double seconds) {
    Summary summary = Summary.of(samples);
    if (summary.count() == 0) {
      return new Judgement(false, "no requests");
    }
    String of = " of " + summary.count();
    return switch (criterion.measure()) {
      case LATENCY -> {
        double value = summary.quantile(criterion.quantile());
        yield new Judgement(
            passes(criterion, value),
            Double.isNaN(value)
                ? "none succeeded" + of
                : Numbers.millis(value)
                    + " ("
                    + (summary.count() - summary.errors())
                    + " requests)");
      }
      case ERROR_RATE ->
          new Judgement(
              passes(criterion, summary.errorRate()),
              Numbers.percent(summary.errorRate()) + " (" + summary.errors() + of + ")");
      case THROUGHPUT -> {
        double value = (summary.count() - summary.errors()) / Math.max(seconds, 1e-3);
        yield new Judgement(passes(criterion, value), Numbers.plain(value) + "/s");
      }
      case REACHABLE -> {
        int good = summary.count() - summary.errors();
        yield new Judgement(criterion.limit() > 0 == good > 0, good + of + " succeeded");
      }
      case ANSWER -> {
        Pattern pattern = Pattern.compile(criterion.text());
        Optional<Sample> other =
            samples.stream()
                .filter(Sample::good)
                .filter(sample -> !pattern.matcher(sample.result()).find())
                .findFirst();
        int good = summary.count() - summary.errors();
        yield new Judgement(
            good > 0 && other.isEmpty(),
            other
                .map(sample -> "\"" + sample.result() + "\"")
                .orElse(good + " answers, all of them so"));
      }
    };
  }

  private static boolean passes(Criterion criterion, double value) {
    // Not a number is neither below nor above.
    return criterion.below() ? value < criterion.limit() : value > criterion.limit();
  }
}
