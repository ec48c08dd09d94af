package io.podwire.cli.experiment.plan;

/**
 * What has to be true of the requests of some span of time.
 *
 * @param quantile of the latencies, from 0 to 1; used by latency alone
 * @param below whether the value has to be below the limit, else above
 * @param limit milliseconds, a fraction, or requests a second
 * @param text the regular expression of answer
 */
public record Criterion(
    Measure measure, double quantile, boolean below, double limit, String text) {

  /** What is looked at. */
  public enum Measure {
    /** A quantile of the latency of the requests that succeeded. */
    LATENCY,
    /** The share of requests that failed. */
    ERROR_RATE,
    /** Requests a second that succeeded. */
    THROUGHPUT,
    /** Some request succeeded (a limit of 1), or none (0). */
    REACHABLE,
    /** Each request that succeeded was answered so. */
    ANSWER
  }

  /** As people say it. */
  public String text(String probe) {
    String side = below ? " below " : " above ";
    return switch (measure) {
      case LATENCY -> probe + ": " + quantileName() + " latency" + side + Numbers.millis(limit);
      case ERROR_RATE -> probe + ": error rate" + side + Numbers.percent(limit);
      case THROUGHPUT -> probe + ": throughput" + side + Numbers.plain(limit) + "/s";
      case REACHABLE -> probe + (limit > 0 ? ": reachable" : ": not reachable");
      case ANSWER -> probe + ": every answer matches " + this.text;
    };
  }

  private String quantileName() {
    return quantile == 0.5 ? "median" : "p" + Numbers.plain(quantile * 100);
  }
}
