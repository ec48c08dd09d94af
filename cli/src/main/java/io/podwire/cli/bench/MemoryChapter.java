package io.podwire.cli.bench;

import io.podwire.bench.comparison.Chapter;
import io.podwire.bench.comparison.Session;
import io.podwire.bench.comparison.Topic;
import io.podwire.bench.load.Iperf;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import io.podwire.bench.network.PodSite;
import io.podwire.bench.program.Tool;
import io.podwire.cli.local.LocalCluster;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * The memory of two agents with ten Pods each: when all is Ready, at rest a moment later, when they
 * have given back what the start needed, and at rest after a load.
 */
public final class MemoryChapter implements Chapter {
  private static final String CLUSTER = "bench-memory";
  private static final String NAMESPACE = "bench";
  private static final int NODES = 2;
  private static final int PODS = 10;
  private static final Duration REST = Duration.ofSeconds(20);
  private static final double MOST_MIB = 64;

  @Override
  public Topic topic() {
    return Topic.MEMORY;
  }

  @Override
  public void measure(Session session) {
    session.progress().now("Memory: starting a cluster of two nodes with ten Pods each");
    try (BenchCluster cluster = session.bench().keep(BenchCluster.start(CLUSTER, NODES))) {
      cluster.fill(ManifestFiles.ofText("the benchmark's Pods", manifests()), NAMESPACE);
      report(session, cluster, "when Ready", "ready");
      rest(session);
      report(session, cluster, "at rest", "rest");
      if (Tool.missing(Tool.IPERF3).isEmpty()) {
        session.progress().now("Memory: TCP between two of the Pods");
        load(session, cluster.api());
        report(session, cluster, "after TCP load", "loaded");
        rest(session);
        report(session, cluster, "at rest after TCP load", "loaded-rest");
      }
    }
  }

  private static void rest(Session session) {
    session.progress().now("Memory: " + REST.toSeconds() + " seconds of rest");
    LockSupport.parkNanos(REST.toNanos());
  }

  private static void load(Session session, ApiClient api) {
    PodSite from = site(session, api, "pod-1-1");
    PodSite to = site(session, api, "pod-2-1");
    new Iperf(session.bench()).tcp(from, to, to.address(), session.plan().seconds());
  }

  private static PodSite site(Session session, ApiClient api, String pod) {
    return new PodSite(
        session.bench().keep(PodNamespaces.of(api, NAMESPACE, pod)),
        IpAddress.parse(
            api.get(Resource.POD.objectPath(NAMESPACE, pod)).at("/status/podIP").asText()));
  }

  private static void report(Session session, BenchCluster cluster, String when, String id) {
    List<ProcessMemory> agents = new ArrayList<>();
    for (LocalCluster.Program program : cluster.programs()) {
      if (program.name().startsWith("node-")) {
        agents.add(ProcessMemory.of(program.pid()));
      }
    }
    String what = "agent with " + PODS + " Pods, " + when;
    session
        .findings()
        .add(
            row("memory-" + id, what + ", resident", agents, ProcessMemory::resident)
                .bounded("agent", Target.atMost(MOST_MIB)));
    session
        .findings()
        .add(
            row(
                "memory-" + id + "-pss",
                what + ", proportional",
                agents,
                ProcessMemory::proportional));
  }

  private static Row row(
      String id, String what, List<ProcessMemory> agents, ToDoubleFunction<ProcessMemory> number) {
    Samples samples = Samples.of(agents.stream().map(number::applyAsDouble).toList());
    return Row.of(id, what, "MiB", List.of(new Series("agent", samples)));
  }

  private static String manifests() {
    StringBuilder text =
        new StringBuilder("apiVersion: v1\nkind: Namespace\nmetadata: {name: bench}\n");
    for (int node = 1; node <= NODES; node++) {
      for (int pod = 1; pod <= PODS; pod++) {
        text.append(
            String.format(
                Locale.ROOT,
                "---%napiVersion: v1%nkind: Pod%nmetadata: {namespace: bench, name:"
                    + " pod-%d-%d}%nspec: {nodeName: node-%d, containers: [{name: main, image:"
                    + " podwire/pause}]}%n",
                node,
                pod,
                node));
      }
    }
    return text.toString();
  }
}
