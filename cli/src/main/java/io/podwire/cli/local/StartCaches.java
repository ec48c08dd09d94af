package io.podwire.cli.local;

import io.podwire.agent.pod.JavaRuntime;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.api.Watch;
import io.podwire.client.exec.ExecRequest;
import io.podwire.client.exec.ExecSession;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.LinuxException;
import io.podwire.linux.Signal;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The AOT caches of the distribution's programs, which lie where the launcher says, and how they
 * are made: by a small cluster that does a little of everything, and whose programs are then asked
 * to end.
 */
public final class StartCaches {
  private static final List<String> PROGRAMS =
      List.of("agent", "agnhost", "control-plane", "dns-server");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private StartCaches() {}

  /** The Java of this distribution's programs, with the caches that it has. */
  static JavaRuntime runtime() {
    return JavaRuntime.of(System.getProperty("java.class.path", ""), folder());
  }

  private static @Nullable Path folder() {
    String caches = System.getProperty("podwire.caches", "");
    return caches.isEmpty() ? null : Path.of(caches);
  }

  /**
   * Makes the caches of the cluster's programs; that of the command itself is made by the JVM that
   * this runs in, when it ends.
   *
   * @throws CommandFailure if one could not be made
   */
  public static void record(ClusterHome home, Progress progress, Map<String, String> environment) {
    Path folder = folder();
    if (folder == null) {
      throw new CommandFailure("caches are made by the launcher, which says where");
    }
    JavaRuntime recording =
        new JavaRuntime(System.getProperty("java.class.path", ""), folder, true);
    ClusterPlan plan =
        ClusterPlanCheck.plan(
            new ClusterPlanCheck.Options(
                2,
                List.of("10.244.0.0/16"),
                List.of("10.96.0.0/16"),
                List.of("172.30.0.0/24"),
                List.of(),
                "iana",
                null));
    ClusterStart.Request request =
        new ClusterStart.Request(
            plan,
            Optional.of(
                ManifestFiles.ofText(
                    "built-in training.yaml", DaemonLauncher.resource("training.yaml"))),
            START_LIMIT,
            true);
    LocalCluster cluster = new LocalCluster(home);
    Thread hook = new Thread(() -> cluster.remove(true), "remove-training");
    Runtime.getRuntime().addShutdownHook(hook);
    new ClusterStart(home, request, progress, recording, environment).run();
    try (ApiClient api = new ApiClient(home.api())) {
      exercise(api);
      end(api);
    }
    end(home, cluster.record().daemons());
    Runtime.getRuntime().removeShutdownHook(hook);
    cluster.remove(false);
    List<String> missing =
        PROGRAMS.stream().filter(name -> !Files.exists(folder.resolve(name + ".aot"))).toList();
    if (!missing.isEmpty()) {
      throw new CommandFailure("no cache was made of " + String.join(", ", missing));
    }
  }

  /** Packets between nodes and through a Service, names, programs in Pods, the API. */
  private static void exercise(ApiClient api) {
    ExecRequest exec =
        ExecRequest.of(
            "default",
            "client",
            List.of(
                "sh",
                "-c",
                "agnhost get http://web/hostname; agnhost dig web.default.svc.cluster.local"));
    try (ExecSession session =
        ExecSession.start(
            api.transport(),
            exec,
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream())) {
      session.await(START_LIMIT);
    }
    for (Resource kind : Resource.values()) {
      api.get(kind.listPath(null));
    }
  }

  /** The Pods whose programs make a cache end before their agents, which would leave them alone. */
  private static void end(ApiClient api) {
    String revision =
        api.get(Resource.POD.listPath(null)).path("metadata").path("resourceVersion").asText();
    Set<String> left = new HashSet<>(Set.of("web", "podwire-dns-1"));
    api.delete(Resource.POD.objectPath("default", "web"));
    api.delete(Resource.POD.objectPath("kube-system", "podwire-dns-1"));
    try (Watch watch = Watch.open(api, Resource.POD.listPath(null), revision);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      var limit = clock.schedule(watch::close, END_LIMIT.toSeconds(), TimeUnit.SECONDS);
      Optional<Watch.Event> event = watch.next();
      while (event.isPresent()) {
        if (event.get().type().equals("DELETED")) {
          left.remove(event.get().object().path("metadata").path("name").asText());
        }
        if (left.isEmpty()) {
          break;
        }
        event = watch.next();
      }
      limit.cancel(false);
    }
  }

  private static void end(ClusterHome home, List<String> daemons) {
    List<CompletableFuture<?>> exits = new ArrayList<>();
    for (String daemon : daemons) {
      RunFiles.pid(DaemonLauncher.holderFile(home, daemon))
          .ifPresent(pid -> {
            try {
              ChildProcess supervisor = ChildProcess.adopt(pid);
              supervisor.signal(Signal.TERM);
              exits.add(supervisor.exit());
            } catch (LinuxException gone) {
              // Ended by itself.
            }
          });
    }
    try {
      CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new))
          .get(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException stuck) {
      throw new CommandFailure("the programs do not end within " + END_LIMIT.toSeconds() + " s");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", stopped);
    }
  }
}
