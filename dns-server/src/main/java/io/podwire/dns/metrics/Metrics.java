package io.podwire.dns.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/**
 * What is counted with labels, under CoreDNS's names without {@code coredns_} and {@code _total}.
 *
 * <p>Thread-safe. Who counts often keeps what {@link #counter} and {@link #histogram} return.
 */
public final class Metrics {

  /**
   * One of a family's time series.
   *
   * @param labels names and values in turn
   */
  public record Series(String name, List<String> labels) {
    public Series {
      labels = List.copyOf(labels);
    }
  }

  private final Map<String, String> helps = new ConcurrentHashMap<>();
  private final Map<Series, LongAdder> counters = new ConcurrentHashMap<>();
  private final Map<Series, DoubleSupplier> gauges = new ConcurrentHashMap<>();
  private final Map<Series, Histogram> histograms = new ConcurrentHashMap<>();

  /** The counter of these labels, made where it is new. */
  public LongAdder counter(String name, String help, String... labels) {
    helps.putIfAbsent(name, help);
    return counters.computeIfAbsent(new Series(name, List.of(labels)), series -> new LongAdder());
  }

  /** Has a value asked for whenever somebody looks, in place of an earlier one. */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    helps.putIfAbsent(name, help);
    gauges.put(new Series(name, List.of(labels)), value);
  }

  /** The histogram of these labels, made where it is new. */
  public Histogram histogram(String name, String help, double[] bounds, String... labels) {
    helps.putIfAbsent(name, help);
    return histograms.computeIfAbsent(
        new Series(name, List.of(labels)), series -> new Histogram(bounds));
  }

  public String help(String name) {
    return helps.getOrDefault(name, "");
  }

  public Map<Series, LongAdder> counters() {
    return Map.copyOf(counters);
  }

  public Map<Series, DoubleSupplier> gauges() {
    return Map.copyOf(gauges);
  }

  public Map<Series, Histogram> histograms() {
    return Map.copyOf(histograms);
  }

  /** The sum over all labels that hold these, for tests and for people. */
  public long count(String name, String... labels) {
    List<String> asked = List.of(labels);
    long sum = 0;
    for (Map.Entry<Series, LongAdder> each : counters.entrySet()) {
      if (each.getKey().name().equals(name) && holds(each.getKey().labels(), asked)) {
        sum += each.getValue().sum();
      }
    }
    return sum;
  }

  private static boolean holds(List<String> labels, List<String> asked) {
    List<List<String>> pairs = new ArrayList<>();
    for (int i = 0; i + 1 < labels.size(); i += 2) {
      pairs.add(labels.subList(i, i + 2));
    }
    for (int i = 0; i + 1 < asked.size(); i += 2) {
      if (!pairs.contains(asked.subList(i, i + 2))) {
        return false;
      }
    }
    return true;
  }
}
