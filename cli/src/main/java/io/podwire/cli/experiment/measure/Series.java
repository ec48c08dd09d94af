package io.podwire.cli.experiment.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * A workload's requests over the timeline, window by window.
 *
 * @param width of a window, in seconds
 */
public record Series(double width, List<Summary> windows) {
  private static final double[] WIDTHS = {0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300};
  private static final int MOST = 200;

  /** Keeps its own copy. */
  public Series {
    windows = List.copyOf(windows);
  }

  /** Of a timeline of that length; windows are so wide that a typical one holds some requests. */
  public static Series of(List<Sample> samples, double seconds) {
    double rate = samples.size() / Math.max(seconds, 1e-3);
    double width = WIDTHS[WIDTHS.length - 1];
    for (int i = WIDTHS.length - 1; i >= 0; i--) {
      if (seconds / WIDTHS[i] <= MOST && WIDTHS[i] * rate >= 4) {
        width = WIDTHS[i];
      }
    }
    int count = (int) Math.max(1, Math.ceil(seconds / width - 1e-9));
    List<List<Sample>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(new ArrayList<>());
    }
    for (Sample sample : samples) {
      int index = (int) Math.floor(sample.time() / width);
      if (index >= 0 && index < count) {
        parts.get(index).add(sample);
      }
    }
    return new Series(width, parts.stream().map(Summary::of).toList());
  }
}
