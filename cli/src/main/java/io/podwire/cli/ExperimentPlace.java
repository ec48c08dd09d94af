package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestStream;
import java.nio.file.Path;
import java.util.HashSet;
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
  private final Interruption interruption;
  private final ClusterHome home;
  private final boolean own;

  private ExperimentPlace(
      Podwire podwire,
      Experiment experiment,
      boolean keep,
      Progress progress,
      Interruption interruption,
      ClusterHome home,
      boolean own) {
    this.podwire = podwire;
    this.experiment = experiment;
    this.keep = keep;
    this.progress = progress;
    this.interruption = interruption;
    this.home = home;
    this.own = own;
  }

  static ExperimentPlace of(
      Podwire podwire,
      Experiment experiment,
      boolean keep,
      Progress progress,
      Interruption interruption) {
    boolean own =
        experiment.topology().nodes().isPresent()
            && !podwire.isRemote()
            && podwire.name.equals(ClusterHome.DEFAULT_NAME);
    String name = "x-" + experiment.name();
    String cut = name.substring(0, Math.min(LONGEST_NAME, name.length())).replaceFirst("-+$", "");
    ClusterHome home = own ? ClusterHome.of(cut, System.getenv()) : podwire.home();
    return new ExperimentPlace(podwire, experiment, keep, progress, interruption, home, own);
  }

  /** Of the cluster's programs, where it is on this machine. */
  Path logs() {
    return podwire.isRemote() ? Path.of("/nonexistent") : home.logs();
  }

  /**
   * Runs the experiment.
   *
   * @param packets where packets are kept meanwhile; empty: nowhere
   * @param reporter is told the outcome while the cluster is still there
   */
  Outcome run(Optional<Path> packets, Consumer<Outcome> reporter) {
    return own ? onOwn(packets, reporter) : onRunning(packets, reporter);
  }

  private Outcome onOwn(Optional<Path> packets, Consumer<Outcome> reporter) {
    ClusterPlan plan =
        ClusterPlanCheck.plan(
            new ClusterPlanCheck.Options(
                experiment.topology().nodes().getAsInt(),
                List.of("10.244.0.0/16"),
                List.of("10.96.0.0/16"),
                List.of("172.30.0.0/24"),
                List.of(),
                "iana",
                null));
    ClusterStart.Request request =
        new ClusterStart.Request(plan, Optional.empty(), experiment.topology().patience(), false);
    LocalCluster cluster = new LocalCluster(home);
    new ClusterStart(home, request, progress, System.getenv()).run();
    Thread hook = new Thread(() -> cluster.remove(false), "remove-experiment");
    Runtime.getRuntime().addShutdownHook(hook);
    try (ApiClient api = new ApiClient(home.api())) {
      experiment.topology().manifests().ifPresent(given -> awaitPods(api, apply(api, given)));
      return measured(api, "own cluster, " + plan.nodes() + " nodes", packets, reporter);
    } finally {
      if (isOurs(hook)) {
        if (keep) {
          progress.line("Kept: podwire --name " + home.name() + " status; … down");
        } else {
          cluster.remove(false);
        }
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

  private Outcome onRunning(Optional<Path> packets, Consumer<Outcome> reporter) {
    try (ApiClient api = podwire.connect()) {
      Optional<Applied> applied = experiment.topology().manifests().map(given -> apply(api, given));
      try {
        applied.ifPresent(given -> awaitPods(api, given));
        return measured(api, "cluster " + podwire.address().text(), packets, reporter);
      } finally {
        if (!keep) {
          applied
              .map(Applied::created)
              .filter(created -> created.size() > 0)
              .ifPresent(
                  created -> api.post(path("delete"), created.body(), ManifestStream.MEDIA_TYPE));
        }
      }
    }
  }

  /**
   * What was applied.
   *
   * @param created those documents of which nothing was there before
   * @param namespaces where there are Pods
   */
  private record Applied(ManifestStream created, Set<String> namespaces) {}

  private Applied apply(ApiClient api, ManifestStream manifests) {
    try {
      JsonNode answer = api.post(path("apply"), manifests.body(), ManifestStream.MEDIA_TYPE);
      Set<String> namespaces = new TreeSet<>();
      Set<Integer> created = new HashSet<>();
      Set<Integer> older = new HashSet<>();
      for (JsonNode result : answer.path("results")) {
        boolean isNew = result.path("result").asText().equals("created");
        (isNew ? created : older).add(result.path("document").asInt());
        if (result.path("kind").asText().equals("Pod")) {
          namespaces.add(result.path("namespace").asText());
        }
      }
      created.removeAll(older);
      return new Applied(manifests.only(created), namespaces);
    } catch (ApiRefusal refusal) {
      throw manifests.refused(refusal.status());
    }
  }

  private void awaitPods(ApiClient api, Applied applied) {
    progress.waiting("Waiting for the Pods");
    PodWait wait = new PodWait(api, experiment.topology().patience());
    applied.namespaces().forEach(wait::untilPodsReady);
  }

  /** Of a request that is about many objects. */
  private String path(String verb) {
    return "/podwire/v1/" + verb + "?namespace=" + Resource.encode(experiment.namespace());
  }

  private Outcome measured(
      ApiClient api, String place, Optional<Path> packets, Consumer<Outcome> reporter) {
    ExperimentRun run = new ExperimentRun(api, experiment, place, packets, progress);
    interruption.listen(run::interrupt);
    try {
      Outcome outcome = run.run();
      reporter.accept(outcome);
      return outcome;
    } finally {
      if (!keep && !own) {
        run.removeFaults();
      }
    }
  }
}
