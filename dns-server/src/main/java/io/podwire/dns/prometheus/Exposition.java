package io.podwire.dns.prometheus;

import io.podwire.dns.http.Page;
import io.podwire.dns.metrics.Histogram;
import io.podwire.dns.metrics.Metrics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.TreeMap;

/** All metrics in Prometheus's text format, as they are when somebody looks. Thread-safe. */
final class Exposition {
  private static final String NAMESPACE = "coredns_";

  private final Metrics metrics;
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  Exposition(Metrics metrics) {
    this.metrics = metrics;
  }

  Page page() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      writer.write(text, snapshots());
    } catch (IOException e) {
      throw new AssertionError("memory takes everything", e);
    }
    return new Page(200, writer.getContentType(), text.toByteArray());
  }

  private MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    TreeMap<String, CounterSnapshot.Builder> counters = new TreeMap<>();
    metrics
        .counters()
        .forEach((series, value) ->
            counters
                .computeIfAbsent(
                    series.name(),
                    name ->
                        CounterSnapshot.builder().name(NAMESPACE + name).help(metrics.help(name)))
                .dataPoint(
                    CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(labels(series.labels()))
                        .value(value.sum())
                        .build()));
    counters.values().forEach(each -> all.metricSnapshot(each.build()));
    TreeMap<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
    metrics
        .gauges()
        .forEach((series, value) ->
            gauges
                .computeIfAbsent(
                    series.name(),
                    name -> GaugeSnapshot.builder().name(NAMESPACE + name).help(metrics.help(name)))
                .dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .labels(labels(series.labels()))
                        .value(value.getAsDouble())
                        .build()));
    gauges.values().forEach(each -> all.metricSnapshot(each.build()));
    TreeMap<String, HistogramSnapshot.Builder> histograms = new TreeMap<>();
    metrics
        .histograms()
        .forEach((series, value) ->
            histograms
                .computeIfAbsent(
                    series.name(),
                    name ->
                        HistogramSnapshot.builder().name(NAMESPACE + name).help(metrics.help(name)))
                .dataPoint(point(series.labels(), value)));
    histograms.values().forEach(each -> all.metricSnapshot(each.build()));
    all.metricSnapshot(
        GaugeSnapshot.builder()
            .name("process_start_time_seconds")
            .help("Start of the process since 1970.")
            .dataPoint(
                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .value(ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3)
                    .build())
            .build());
    return all.build();
  }

  private static HistogramSnapshot.HistogramDataPointSnapshot point(
      List<String> labels, Histogram histogram) {
    double[] bounds = histogram.bounds();
    long[] counts = histogram.counts();
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < bounds.length; i++) {
      buckets.bucket(bounds[i], counts[i]);
    }
    return HistogramSnapshot.HistogramDataPointSnapshot.builder()
        .labels(labels(labels))
        .classicHistogramBuckets(buckets.build())
        .sum(histogram.sum())
        .build();
  }

  private static Labels labels(List<String> pairs) {
    return Labels.of(pairs.toArray(new String[0]));
  }
}
