package io.podwire.cli.bench;

import io.podwire.bench.comparison.Chapter;
import io.podwire.bench.comparison.Session;
import io.podwire.bench.comparison.Topic;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import io.podwire.bench.measure.Trend;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Tool;
import io.podwire.cli.demo.PodWait;
import io.podwire.cli.local.LocalCluster;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessTable;
import io.podwire.packet.addr.IpAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * Whether agents and DNS hold no more at the end of minutes of full load than at its beginning.
 *
 * <p>The first quarter of the samples is not counted: the compilers are at work then. Of the rest
 * the last third is compared with the first.
 */
public final class SoakChapter implements Chapter {
  private static final String CLUSTER = "bench-soak";
  private static final String NAMESPACE = TwoNodePods.NAMESPACE;
  private static final String DNS_MAIN = "io.podwire.dns.boot.DnsServer";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int SAMPLES = 20;
  private static final int WARM_UP_SHARE = 4;
  private static final int PARTS = 3;
  private static final double MOST_GROWTH = 1.05;

  /** A process and what was seen of it, one after the other. */
  private record Watched(String name, long pid, List<Vitals> seen) {}

  @Override
  public Topic topic() {
    return Topic.SOAK;
  }

  @Override
  public void measure(Session session) {
    String tools = Tool.missing(Tool.IPERF3, Tool.DNSPERF).orElse("");
    if (!tools.isEmpty() || !Files.isExecutable(Vitals.jcmd())) {
      session.findings().missing("soak: " + (tools.isEmpty() ? "needs a JDK's jcmd" : tools));
      return;
    }
    Duration length = Duration.ofMinutes(session.plan().minutes());
    Duration even = length.dividedBy(SAMPLES);
    Duration pause = even.compareTo(LONGEST_PAUSE) < 0 ? even : LONGEST_PAUSE;
    session.progress().now("Soak: starting a cluster of two nodes");
    try (BenchCluster cluster =
        session.bench().keep(BenchCluster.start(CLUSTER, 2, Vitals.JVM_OPTION))) {
      cluster.fill(TwoNodePods.and(TwoNodePods.service(5202)), NAMESPACE);
      new PodWait(cluster.api(), PATIENCE).untilEndpoints(NAMESPACE, "server", 1);
      List<Watched> processes = processes(session, cluster);
      try (SoakLoad load =
          session.bench().keep(new SoakLoad(session.bench(), ends(session, cluster)))) {
        load.start(length.plusMinutes(1));
        watch(session, load, length, pause, processes);
      }
      double perMinute = Duration.ofMinutes(1).toMillis() / (double) pause.toMillis();
      processes.forEach(each -> report(session, each.name(), each.seen(), perMinute));
    }
  }

  private static void watch(
      Session session, SoakLoad load, Duration length, Duration pause, List<Watched> processes) {
    long began = System.nanoTime();
    long samples = length.dividedBy(pause);
    for (int sample = 1; sample <= samples; sample++) {
      session.progress().now("Soak under load: sample " + sample + " of " + samples);
      // A sample is due at its time, however long the one before took.
      LockSupport.parkNanos(began + pause.toNanos() * sample - System.nanoTime());
      if (session.bench().isClosed()) {
        throw new BenchFailure("interrupted");
      }
      load.check();
      processes.forEach(each -> each.seen().add(Vitals.of(session.bench(), each.pid())));
    }
  }

  private static List<Watched> processes(Session session, BenchCluster cluster) {
    List<Watched> processes = new ArrayList<>();
    for (LocalCluster.Program program : cluster.programs()) {
      if (program.name().startsWith("node-")) {
        processes.add(new Watched("agent of " + program.name(), program.pid(), new ArrayList<>()));
      }
    }
    NetworkNamespace dns =
        session.bench().keep(PodNamespaces.of(cluster.api(), "kube-system", "podwire-dns-1"));
    long server =
        ProcessTable.inNetworkNamespace(dns.inode()).stream()
            .filter(pid -> isJava(ProcessTable.arguments(pid), DNS_MAIN))
            .findFirst()
            .orElseThrow(() -> new BenchFailure("the DNS Pod runs no " + DNS_MAIN));
    processes.add(new Watched("DNS server", server, new ArrayList<>()));
    return processes;
  }

  /** Not the shell that the Pod's program runs below, which has the same words in its arguments. */
  private static boolean isJava(List<String> arguments, String mainClass) {
    return arguments.contains(mainClass) && arguments.getFirst().endsWith("/java");
  }

  private static SoakLoad.Ends ends(Session session, BenchCluster cluster) {
    ApiClient api = cluster.api();
    return new SoakLoad.Ends(
        session.bench().keep(PodNamespaces.of(api, NAMESPACE, "client")),
        session.bench().keep(PodNamespaces.of(api, NAMESPACE, "server")),
        address(api, Resource.POD.objectPath(NAMESPACE, "server"), "/status/podIP"),
        address(api, Resource.SERVICE.objectPath(NAMESPACE, "server"), "/spec/clusterIP"),
        cluster.plan().dnsServiceAddresses().getFirst(),
        List.of(
            "server.bench.svc.cluster.local",
            "kubernetes.default.svc.cluster.local",
            "absent.bench.svc.cluster.local"));
  }

  private static IpAddress address(ApiClient api, String object, String field) {
    return IpAddress.parse(api.get(object).at(field).asText());
  }

  private static void report(Session session, String name, List<Vitals> vitals, double perMinute) {
    String id = "soak-" + name.substring(name.lastIndexOf(' ') + 1);
    row(session, id + "-heap", name + ", heap after GC", "MiB", vitals, Vitals::heap, perMinute);
    row(session, id + "-direct", name + ", direct", "MiB", vitals, Vitals::direct, perMinute);
    row(session, id + "-rss", name + ", resident", "MiB", vitals, Vitals::resident, perMinute);
    row(session, id + "-files", name + ", open files", "files", vitals, Vitals::files, perMinute);
    row(session, id + "-threads", name + ", threads", "", vitals, Vitals::threads, perMinute);
  }

  private static void row(
      Session session,
      String id,
      String what,
      String unit,
      List<Vitals> vitals,
      ToDoubleFunction<Vitals> number,
      double perMinute) {
    List<Double> all = vitals.stream().map(number::applyAsDouble).toList();
    List<Double> warm = all.subList(all.size() / WARM_UP_SHARE, all.size());
    int third = warm.size() / PARTS;
    session
        .findings()
        .add(
            Row.of(
                    id,
                    "soak: " + what,
                    unit,
                    List.of(
                        new Series("whole run", Samples.of(all)),
                        new Series("first third", Samples.of(warm.subList(0, third))),
                        new Series(
                            "last third",
                            Samples.of(warm.subList(warm.size() - third, warm.size())))))
                .compared("last third", "first third", Optional.of(Target.atMost(MOST_GROWTH))));
    session
        .findings()
        .note("soak: " + what + ", a minute: " + Trend.of(warm).text(perMinute) + " " + unit);
  }
}
