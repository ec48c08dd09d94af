package io.podwire.cli;

import io.podwire.cli.api.ApiClient;
import io.podwire.cli.bench.PropagationBench;
import io.podwire.cli.demo.PodWait;
import io.podwire.cli.local.ClusterHome;
import io.podwire.cli.local.ClusterPlan;
import io.podwire.cli.local.ClusterPlanCheck;
import io.podwire.cli.local.ClusterStart;
import io.podwire.cli.local.LocalCluster;
import io.podwire.cli.manifest.ManifestStream;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code podwire bench}: measurements on a cluster of its own. */
@Command(
    name = "bench",
    description = "Measure a cluster that is started for it and removed afterwards.",
    mixinStandardHelpOptions = true)
final class BenchCommand extends Invocation implements Callable<Integer> {
  private static final String OWN_NAME = "bench";

  @Spec private @Nullable CommandSpec benchSpec;

  @Override
  public Integer call() {
    throw new ParameterException(
        Objects.requireNonNull(benchSpec).commandLine(), "Missing: propagation");
  }

  @Command(
      name = "propagation",
      description = "Time from a Service's change until every node and the DNS act on it.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int propagation(
      @Option(names = "--nodes", defaultValue = "5", description = "default: 5") int nodes,
      @Option(names = "--services", defaultValue = "200", description = "default: 200")
          int services,
      @Option(names = "--pods", defaultValue = "100", description = "default: 100") int pods,
      @Option(names = "--changes", defaultValue = "30", description = "default: 30") int changes) {
    check(nodes, services, pods, changes);
    ClusterHome home = ClusterHome.of(OWN_NAME, System.getenv());
    LocalCluster cluster = new LocalCluster(home);
    ClusterPlan plan =
        ClusterPlanCheck.plan(
            new ClusterPlanCheck.Options(
                nodes,
                List.of("10.244.0.0/16"),
                List.of("10.96.0.0/16"),
                "172.30.0.0/24",
                List.of(),
                "iana",
                null));
    ClusterStart.Request request =
        new ClusterStart.Request(plan, Optional.empty(), Duration.ofSeconds(180), false);
    new ClusterStart(home, request, progress(), System.getenv()).run();
    Thread hook = new Thread(() -> cluster.remove(false), "remove-bench");
    Runtime.getRuntime().addShutdownHook(hook);
    try (ApiClient api = new ApiClient(home.api())) {
      fill(api, PropagationBench.manifests(plan.nodeNames(), services, pods), services, pods);
      try (PropagationBench bench = new PropagationBench(api, plan.nodeNames())) {
        bench.run(changes, out());
      }
    }
    out().flush();
    // The hook removes the cluster, after success as after Ctrl-C.
    return ExitCode.OK;
  }

  private void fill(ApiClient api, ManifestStream manifests, int services, int pods) {
    long began = System.nanoTime();
    api.post("/podwire/v1/apply", manifests.body(), ManifestStream.MEDIA_TYPE);
    PodWait wait = new PodWait(api, Duration.ofSeconds(300));
    wait.untilPodsReady(PropagationBench.namespace());
    double seconds = (System.nanoTime() - began) / 1e9;
    out()
        .printf(
            Locale.ROOT,
            "%d Services and %d Pods applied and Ready in %.1f s%n",
            services,
            pods,
            seconds);
    out().flush();
  }

  private void check(int nodes, int services, int pods, int changes) {
    if (podwire().isRemote()) {
      throw usage("--server: the benchmark runs on a cluster of its own; leave it out");
    }
    if (pods < nodes + 2 || services < 2 || changes < 1) {
      throw usage(
          "--pods "
              + pods
              + " --services "
              + services
              + " --changes "
              + changes
              + ": at least "
              + (nodes + 2)
              + ", 2 and 1 are needed");
    }
  }

  private static CommandFailure usage(String message) {
    return new CommandFailure(message, ExitCode.USAGE, null);
  }
}
