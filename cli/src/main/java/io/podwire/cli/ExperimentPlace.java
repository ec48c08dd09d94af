package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.api.ApiClient;
import io.podwire.cli.api.ApiRefusal;
import io.podwire.cli.demo.PodWait;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.run.ExperimentRun;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.local.ClusterHome;
import io.podwire.cli.local.ClusterPlan;
import io.podwire.cli.local.ClusterPlanCheck;
import io.podwire.cli.local.ClusterStart;
import io.podwire.cli.local.LocalCluster;
import io.podwire.cli.local.Progress;
import io.podwire.cli.manifest.ManifestStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The cluster that an experiment runs on: one of its own, which is removed afterwards, or one that
 * is there, which loses again what was applied.
 */
final class ExperimentPlace {
  private static final int LONGEST_NAME = 32;

  private final Podwire podwire;
  private final Experiment experiment;
  private final boolean keep;
  private final Progress progress;
  private final ClusterHome home;
  private final boolean own;

  private ExperimentPlace(
      Podwire podwire,
      Experiment experiment,
      boolean keep,
      Progress progress,
      ClusterHome home,
      boolean own) {
    this.podwire = podwire;
    this.experiment = experiment;
    this.keep = keep;
    this.progress = progress;
    this.home = home;
    this.own = own;
  }

  static ExperimentPlace of(
      Podwire podwire, Experiment experiment, boolean keep, Progress progress) {
    boolean own =
        experiment.topology().nodes().isPresent()
            && !podwire.isRemote()
            && podwire.name.equals(ClusterHome.DEFAULT_NAME);
    String name = "x-" + experiment.name();
    String cut = name.substring(0, Math.min(LONGEST_NAME, name.length())).replaceFirst("-+$", "");
    ClusterHome home = own ? ClusterHome.of(cut, System.getenv()) : podwire.home();
    return new ExperimentPlace(podwire, experiment, keep, progress, home, own);
  }

  /** Of the cluster's programs, where it is on this machine. */
  Path logs() {
    return podwire.isRemote() ? Path.of("/nonexistent") : home.logs();
  }

  /**
   * Runs the experiment.
   *
   * @param reporter is told the outcome while the cluster is still there
   */
  Outcome run(Consumer<Outcome> reporter) {
    return own ? onOwn(reporter) : onRunning(reporter);
  }

  private Outcome onOwn(Consumer<Outcome> reporter) {
    ClusterPlan plan =
        ClusterPlanCheck.plan(
            new ClusterPlanCheck.Options(
                experiment.topology().nodes().getAsInt(),
                List.of("10.244.0.0/16"),
                List.of("10.96.0.0/16"),
                "172.30.0.0/24",
                List.of(),
                "iana",
                null));
    ClusterStart.Request request =
        new ClusterStart.Request(
            plan,
            experiment.topology().manifests(),
            experiment.topology().patience(),
            false);
    LocalCluster cluster = new LocalCluster(home);
    new ClusterStart(home, request, progress, System.getenv()).run();
    Thread hook = new Thread(() -> cluster.remove(false), "remove-experiment");
    Runtime.getRuntime().addShutdownHook(hook);
    try (ApiClient api = new ApiClient(home.api())) {
      return measured(api, "own cluster, " + plan.nodes() + " nodes", reporter);
    } finally {
      if (isOurs(hook) && !keep) {
        cluster.remove(false);
      }
      if (keep) {
        progress.line("Kept: podwire --name " + home.name() + " status; … down");
      }
    }
  }

  /** Whether nobody else removes the cluster, as a signal would have. */
  private static boolean isOurs(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return false;
    }
  }

  private Outcome onRunning(Consumer<Outcome> reporter) {
    Optional<ManifestStream> manifests = experiment.topology().manifests();
    try (ApiClient api = podwire.connect()) {
      manifests.ifPresent(given -> apply(api, given));
      try {
        return measured(api, "cluster " + podwire.address().text(), reporter);
      } finally {
        if (!keep) {
          manifests.ifPresent(given ->
              api.post("/podwire/v1/delete", given.body(), ManifestStream.MEDIA_TYPE));
        }
      }
    }
  }

  private void apply(ApiClient api, ManifestStream manifests) {
    try {
      JsonNode answer =
          api.post("/podwire/v1/apply", manifests.body(), ManifestStream.MEDIA_TYPE);
      Set<String> namespaces = new TreeSet<>();
      for (JsonNode result : answer.path("results")) {
        if (result.path("kind").asText().equals("Pod")) {
          namespaces.add(result.path("namespace").asText("default"));
        }
      }
      progress.waiting("Waiting for the Pods");
      PodWait wait = new PodWait(api, experiment.topology().patience());
      namespaces.forEach(wait::untilPodsReady);
    } catch (ApiRefusal refusal) {
      throw manifests.refused(refusal.status());
    }
  }

  private Outcome measured(ApiClient api, String place, Consumer<Outcome> reporter) {
    ExperimentRun run = new ExperimentRun(api, experiment, place, progress);
    Outcome outcome = run.run();
    reporter.accept(outcome);
    if (!keep && !own) {
      run.removeFaults();
    }
    return outcome;
  }
}
