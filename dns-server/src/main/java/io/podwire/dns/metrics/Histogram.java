package io.podwire.dns.metrics;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts values by the least bound that they do not exceed; thread-safe. */
public final class Histogram {
  private final double[] bounds;
  private final LongAdder[] counts;
  private final DoubleAdder sum = new DoubleAdder();

  Histogram(double[] bounds) {
    this.bounds = bounds.clone();
    this.counts = new LongAdder[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  public void record(double value) {
    int i = 0;
    while (i < bounds.length && value > bounds[i]) {
      i++;
    }
    counts[i].increment();
    sum.add(value);
  }

  /** The bounds, with infinity at the end. */
  public double[] bounds() {
    double[] all = new double[counts.length];
    System.arraycopy(bounds, 0, all, 0, bounds.length);
    all[bounds.length] = Double.POSITIVE_INFINITY;
    return all;
  }

  /** How many values were in each step. */
  public long[] counts() {
    long[] now = new long[counts.length];
    for (int i = 0; i < now.length; i++) {
      now[i] = counts[i].sum();
    }
    return now;
  }

  public double sum() {
    return sum.sum();
  }
}
