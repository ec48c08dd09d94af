package io.podwire.cli.bench;

import io.podwire.agent.pod.JavaRuntime;
import io.podwire.cli.demo.PodWait;
import io.podwire.cli.local.ClusterHome;
import io.podwire.cli.local.ClusterPlan;
import io.podwire.cli.local.ClusterPlanCheck;
import io.podwire.cli.local.ClusterStart;
import io.podwire.cli.local.LocalCluster;
import io.podwire.cli.local.Progress;
import io.podwire.client.api.ApiClient;
import io.podwire.client.manifest.ManifestStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A local cluster that a benchmark starts for itself; closing it removes it. */
public final class BenchCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(300);

  private final ClusterPlan plan;
  private final LocalCluster cluster;
  private final ApiClient api;

  private BenchCluster(ClusterPlan plan, LocalCluster cluster, ApiClient api) {
    this.plan = plan;
    this.cluster = cluster;
    this.api = api;
  }

  /** Starts one of that name and returns when all of its nodes are Ready. */
  public static BenchCluster start(String name, int nodes, Progress progress) {
    return start(name, nodes, progress, System.getenv());
  }

  private static BenchCluster start(
      String name, int nodes, Progress progress, Map<String, String> environment) {
    ClusterHome home = ClusterHome.of(name, System.getenv());
    ClusterPlan plan =
        ClusterPlanCheck.plan(
            new ClusterPlanCheck.Options(
                nodes,
                List.of("10.244.0.0/16"),
                List.of("10.96.0.0/16"),
                List.of("172.30.0.0/24"),
                List.of(),
                "iana",
                null));
    ClusterStart.Request request =
        new ClusterStart.Request(plan, Optional.empty(), PATIENCE, false);
    new ClusterStart(home, request, progress, environment).run();
    return new BenchCluster(plan, new LocalCluster(home), new ApiClient(home.api()));
  }

  /** As above, without a word: the benchmark tells itself what it is at. */
  static BenchCluster start(String name, int nodes) {
    return start(name, nodes, System.getenv());
  }

  /** As above, with further options of the JVMs. */
  static BenchCluster start(String name, int nodes, String jvmOptions) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.merge(
        JavaRuntime.MORE_OPTIONS, jvmOptions, (present, more) -> present + " " + more);
    return start(name, nodes, environment);
  }

  private static BenchCluster start(String name, int nodes, Map<String, String> environment) {
    Progress silent = new Progress(new PrintWriter(Writer.nullWriter()), false);
    return start(name, nodes, silent, environment);
  }

  /** What it is made of. */
  public ClusterPlan plan() {
    return plan;
  }

  /** Its API. */
  public ApiClient api() {
    return api;
  }

  /** Applies manifests and waits until the Pods of the namespace are Ready. */
  public void fill(ManifestStream manifests, String namespace) {
    apply(manifests);
    new PodWait(api, PATIENCE).untilPodsReady(namespace);
  }

  /** Applies manifests. */
  void apply(ManifestStream manifests) {
    api.post("/podwire/v1/apply", manifests.body(), ManifestStream.MEDIA_TYPE);
  }

  /** Its programs and their processes. */
  List<LocalCluster.Program> programs() {
    return cluster.programs();
  }

  @Override
  public void close() {
    api.close();
    cluster.remove(false);
  }
}
