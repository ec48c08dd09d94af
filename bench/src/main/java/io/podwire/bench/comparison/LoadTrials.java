package io.podwire.bench.comparison;

import java.util.ArrayList;
import java.util.List;

/**
 * What arrived of more and more offered load, and which load is the one to measure with: the least
 * of which nearly as much arrived as of any. Not thread-safe.
 */
final class LoadTrials {
  // One bad second does not mean that the best is behind.
  private static final double FAR_WORSE = 0.8;
  private static final int WORSE_IN_A_ROW = 2;
  private static final double NEARLY = 0.97;

  private record Trial(long offered, double delivered) {}

  private final List<Trial> trials = new ArrayList<>();
  private double most;
  private int worse;

  /** Adds a trial; each with more offered than the one before. */
  void add(long offered, double delivered) {
    trials.add(new Trial(offered, delivered));
    most = Math.max(most, delivered);
    worse = delivered < most * FAR_WORSE ? worse + 1 : 0;
  }

  /** Whether more load would only deliver less. */
  boolean isPastBest() {
    return worse == WORSE_IN_A_ROW;
  }

  /** The load to measure with; after one trial at least. */
  long best() {
    return trials.stream()
        .filter(trial -> trial.delivered() >= most * NEARLY)
        .mapToLong(Trial::offered)
        .min()
        .orElseThrow();
  }
}
