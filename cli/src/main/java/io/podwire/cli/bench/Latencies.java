package io.podwire.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Latencies of one kind in nanoseconds. Not thread-safe. */
public final class Latencies {
  private static final double NANOS_PER_MILLI = 1e6;

  private final List<Long> sorted = new ArrayList<>();

  void add(long nanos) {
    int place = Collections.binarySearch(sorted, nanos);
    sorted.add(place < 0 ? -place - 1 : place, nanos);
  }

  /** The nearest-rank percentile, 0-100. */
  public long percentile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  /** All of them in milliseconds, the least first. */
  public List<Double> millis() {
    return sorted.stream().map(nanos -> nanos / NANOS_PER_MILLI).toList();
  }

  /** For people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "median %.1f ms, 90 %% %.1f ms, worst %.1f ms (%d changes)",
        percentile(50) / NANOS_PER_MILLI,
        percentile(90) / NANOS_PER_MILLI,
        percentile(100) / NANOS_PER_MILLI,
        sorted.size());
  }
}
