package io.podwire.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Values of one kind in the order they were measured. Immutable. */
public final class Samples {
  private final List<Double> values;
  private final double[] sorted;

  private Samples(List<Double> values) {
    this.values = List.copyOf(values);
    this.sorted = this.values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** These values; at least one. */
  public static Samples of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values: measure at least once");
    }
    return new Samples(values);
  }

  /** These values; at least one. */
  public static Samples of(double... values) {
    return of(DoubleStream.of(values).boxed().toList());
  }

  /** The values in the order they were measured. */
  public List<Double> values() {
    return values;
  }

  /** The middle value, or the mean of the two in the middle. */
  public double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The nearest-rank quantile, for a share of 0-1. */
  public double quantile(double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }

  /** The least value. */
  public double min() {
    return sorted[0];
  }

  /** The greatest value. */
  public double max() {
    return sorted[sorted.length - 1];
  }

  /** What these are of others that were measured in the same rounds: the ratio of each pair. */
  public Samples ratioTo(Samples others) {
    if (others.values.size() != values.size()) {
      throw new IllegalArgumentException(
          values.size() + " and " + others.values.size() + " values are not of the same rounds");
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ratios.add(values.get(i) / others.values.get(i));
    }
    return of(ratios);
  }

  /** Median, and where there are several the extremes, with three significant digits. */
  public String text() {
    String median = digits(median());
    return sorted.length == 1 ? median : median + " (" + digits(min()) + "-" + digits(max()) + ")";
  }

  /** Three significant digits, and the whole number where it has more. */
  public static String digits(double value) {
    double size = Math.abs(value);
    if (size >= 100 || size == 0) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    int decimals = size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  @Override
  public String toString() {
    return text();
  }
}
