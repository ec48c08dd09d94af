package io.podwire.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.bench.comparison.Chapter;
import io.podwire.bench.comparison.Session;
import io.podwire.bench.comparison.Topic;
import io.podwire.bench.load.Iperf;
import io.podwire.bench.load.IperfReport;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import io.podwire.bench.network.PodSite;
import io.podwire.bench.program.Tool;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What faults cost: those who have none while another Pod has one, packets that are delayed, and
 * memory that held packets take.
 */
public final class FaultsChapter implements Chapter {
  private static final String CLUSTER = "bench-faults";
  private static final String NONE = "no fault";
  private static final String ELSEWHERE = "fault on another Pod";
  private static final String DELAY = "delay 10ms";
  private static final String ELSEWHERE_SPEC =
      "selector: {pods: {bench: [idle]}}, delay: {latency: 10ms}, loss: {percent: 1%}";
  private static final String DELAY_SPEC =
      "selector: {pods: {bench: [client]}}, delay: {latency: 10ms}, limit: 100000";
  private static final String FLOOD_SPEC =
      "selector: {pods: {bench: [client]}}, protocol: udp, delay: {latency: 2s}, limit: %d";
  private static final int SMALL = 64;
  private static final int LARGE = 1400;
  private static final long OFFERED = 200_000;
  private static final long DELAYED = 110_000;
  private static final long FLOOD = 60_000;
  private static final int WARM_UP_SECONDS = 3;
  private static final double UNCHANGED = 0.97;
  private static final double HELD = 100_000;

  @Override
  public Topic topic() {
    return Topic.FAULTS;
  }

  @Override
  public void measure(Session session) {
    Optional<String> missing = Tool.missing(Tool.IPERF3);
    if (missing.isPresent()) {
      session.findings().missing("faults: " + missing.get());
      return;
    }
    session.progress().now("Faults: starting a cluster of two nodes");
    try (BenchCluster cluster = session.bench().keep(BenchCluster.start(CLUSTER, 2))) {
      cluster.fill(FaultSwitch.pods(), FaultSwitch.NAMESPACE);
      new Measurement(session, cluster).run();
    }
  }

  private static final class Measurement {
    final Session session;
    final BenchCluster cluster;
    final FaultSwitch faults;
    final Iperf iperf;
    final PodSite client;
    final PodSite server;
    final int seconds;

    Measurement(Session session, BenchCluster cluster) {
      this.session = session;
      this.cluster = cluster;
      faults = new FaultSwitch(cluster);
      iperf = new Iperf(session.bench());
      client = site("client");
      server = site("server");
      seconds = session.plan().seconds();
    }

    PodSite site(String pod) {
      JsonNode found = faults.pod(pod);
      return new PodSite(
          session.bench().keep(PodNamespaces.of(cluster.api(), FaultSwitch.NAMESPACE, pod)),
          IpAddress.parse(found.at("/status/podIP").asText()));
    }

    void run() {
      iperf.tcp(client, server, server.address(), WARM_UP_SECONDS);
      faults.under(DELAY_SPEC, () -> udp(SMALL, DELAYED, WARM_UP_SECONDS));
      Map<String, String> specs = new LinkedHashMap<>();
      specs.put(NONE, "");
      specs.put(ELSEWHERE, ELSEWHERE_SPEC);
      Map<String, List<IperfReport>> tcp = new LinkedHashMap<>();
      Map<String, List<IperfReport>> udp = new LinkedHashMap<>();
      Map<String, List<IperfReport>> delayed = new LinkedHashMap<>();
      for (int round = 1; round <= session.plan().rounds(); round++) {
        session.progress().now("Faults: round " + round + " of " + session.plan().rounds());
        specs.forEach((name, spec) ->
            faults.under(
                spec,
                () -> {
                  add(tcp, name, iperf.tcp(client, server, server.address(), seconds).report());
                  add(udp, name, udp(SMALL, OFFERED, seconds));
                }));
        JsonNode receipt =
            faults.under(DELAY_SPEC, () -> add(delayed, DELAY, udp(SMALL, DELAYED, seconds)));
        session.findings().note("faults: " + DELAY + ": " + FaultSwitch.summary(receipt));
      }
      report(
          row("faults-tcp", "TCP, one stream, two nodes", "Gbit/s", tcp, Measurement::gigabits)
              .compared(ELSEWHERE, NONE, Optional.of(Target.atLeast(UNCHANGED))));
      report(
          row(
                  "faults-udp",
                  "UDP, 64-byte packets, two nodes",
                  "delivered per s",
                  udp,
                  IperfReport::packetsPerSecond)
              .compared(ELSEWHERE, NONE, Optional.of(Target.atLeast(UNCHANGED))));
      report(
          row(
                  "faults-delay",
                  "UDP, 64-byte packets, each delayed",
                  "delivered per s",
                  delayed,
                  IperfReport::packetsPerSecond)
              .bounded(DELAY, Target.atLeast(HELD)));
      memory();
    }

    static double gigabits(IperfReport report) {
      return report.bitsPerSecond() / 1e9;
    }

    IperfReport udp(int payload, long packetsPerSecond, int length) {
      return iperf.udp(client, server, payload, packetsPerSecond, length).report();
    }

    /**
     * What the agent of the client's node holds while packets wait, up to a narrow and a wide
     * limit.
     */
    void memory() {
      for (int limit : List.of(1000, 100_000)) {
        session.progress().now("Faults: " + limit + " packets that wait");
        double[] most = {0};
        JsonNode receipt =
            faults.under(
                String.format(Locale.ROOT, FLOOD_SPEC, limit),
                () -> {
                  udp(LARGE, FLOOD, Math.max(seconds, WARM_UP_SECONDS));
                  most[0] = ProcessMemory.of(faults.agent("node-1")).resident();
                });
        session
            .findings()
            .add(
                Row.of(
                    "faults-memory-" + limit,
                    "agent resident, 1400-byte packets wait, limit " + limit,
                    "MiB",
                    List.of(new Series("agent", Samples.of(most[0])))));
        session.findings().note("faults: limit " + limit + ": " + FaultSwitch.summary(receipt));
      }
    }

    void report(Row row) {
      session.findings().add(row);
    }

    static void add(Map<String, List<IperfReport>> to, String name, IperfReport report) {
      to.computeIfAbsent(name, key -> new ArrayList<>()).add(report);
    }

    static Row row(
        String id,
        String what,
        String unit,
        Map<String, List<IperfReport>> reports,
        ToDoubleFunction<IperfReport> number) {
      List<Series> series = new ArrayList<>();
      reports.forEach((name, of) ->
          series.add(
              new Series(name, Samples.of(of.stream().map(number::applyAsDouble).toList()))));
      return Row.of(id, what, unit, series);
    }
  }
}
