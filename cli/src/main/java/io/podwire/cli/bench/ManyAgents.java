package io.podwire.cli.bench;

import io.podwire.bench.comparison.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of many agents with a probing Pod on each, started when the first chapter needs it and
 * shared with the next.
 */
public final class ManyAgents {
  private static final String CLUSTER = "bench-agents";
  private static final int SERVICES = 200;
  private static final int BACKENDS = 2;

  private @Nullable Running running;

  /** The cluster and what probes it. */
  record Running(
      BenchCluster cluster,
      PropagationBench bench,
      double secondsUntilNodesReady,
      double secondsUntilPodsReady) {}

  /** Starts it, unless it runs. */
  Running started(Session session) {
    if (running == null) {
      int agents = session.plan().agents();
      session.progress().now("Starting " + agents + " agents");
      long began = System.nanoTime();
      BenchCluster cluster = session.bench().keep(BenchCluster.start(CLUSTER, agents));
      double untilNodes = (System.nanoTime() - began) / 1e9;
      List<String> nodes = cluster.plan().nodeNames();
      session.progress().now("Starting a Pod on each of " + agents + " agents");
      began = System.nanoTime();
      cluster.fill(
          PropagationBench.manifests(nodes, SERVICES, agents + BACKENDS),
          PropagationBench.namespace());
      double untilPods = (System.nanoTime() - began) / 1e9;
      PropagationBench bench = session.bench().keep(new PropagationBench(cluster.api(), nodes));
      running = new Running(cluster, bench, untilNodes, untilPods);
    }
    return running;
  }
}
