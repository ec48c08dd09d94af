package io.podwire.cli.experiment.report;

import java.util.ArrayList;
import java.util.List;

/**
 * From values to pixels: linear from zero, or by powers of ten where values differ too much.
 *
 * @param low what is at {@code start}
 * @param high what is at {@code end}
 */
record Scale(double low, double high, double start, double end, boolean logarithmic) {
  private static final double WIDE = 60;

  /** A scale that shows all values up to the greatest well. */
  static Scale latencies(double least, double median, double greatest, double start, double end) {
    if (median > 0 && greatest / median > WIDE) {
      double low = Math.pow(10, Math.floor(Math.log10(Math.max(least, 1e-3))));
      double high = Math.pow(10, Math.ceil(Math.log10(greatest) + 1e-9));
      return new Scale(low, high, start, end, true);
    }
    double step = step(Math.max(greatest, 1e-3) / 4);
    return new Scale(0, step * Math.ceil(greatest / step + 1e-9), start, end, false);
  }

  double at(double value) {
    double share =
        logarithmic
            ? (Math.log10(Math.max(value, low)) - Math.log10(low))
                / (Math.log10(high) - Math.log10(low))
            : (value - low) / (high - low);
    return start + Math.clamp(share, 0, 1) * (end - start);
  }

  /** Round values for lines across. */
  List<Double> ticks(int wanted) {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      for (double value = low; value <= high * 1.001; value *= 10) {
        ticks.add(value);
      }
      return ticks;
    }
    double step = step((high - low) / wanted);
    for (int i = 0; low + i * step <= high + step * 1e-6; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  /** The least of 1, 2, 5, 10, … that is no smaller. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (power * factor >= least * (1 - 1e-9)) {
        return power * factor;
      }
    }
    return power * 10;
  }
}
