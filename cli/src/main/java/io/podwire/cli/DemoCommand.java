package io.podwire.cli;

import io.podwire.cli.capture.CaptureSite;
import io.podwire.cli.demo.Demo;
import io.podwire.cli.demo.PodWait;
import io.podwire.cli.local.ClusterHome;
import io.podwire.cli.local.ClusterPlan;
import io.podwire.cli.local.ClusterPlanCheck;
import io.podwire.cli.local.ClusterStart;
import io.podwire.cli.local.IpFamily;
import io.podwire.cli.local.LocalCluster;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.manifest.ManifestStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code podwire demo}: shows what the emulated network does, step by step. */
@Command(
    name = "demo",
    description = {
      "Show step by step what was expected and what was seen; 0 only if every step held.",
      "Starts a cluster of its own and removes it; with --server the steps run on that cluster."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class DemoCommand extends Invocation implements Callable<Integer> {
  private static final String OWN_NAME = "demo";
  private static final String NAMESPACE = "hello";
  private static final String OUTSIDE_NAME = "www.example.com";
  private static final String OUTSIDE_ADDRESS = "203.0.113.80";
  private static final String OUTSIDE_IPV6 = "2001:db8::80";

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "2", description = "default: 2")
  int nodes;

  @Option(
      names = "--ip-family",
      paramLabel = "FAMILY",
      defaultValue = "ipv4",
      description = "${COMPLETION-CANDIDATES}: the families of all addresses (default: ipv4)")
  IpFamily family = IpFamily.IPV4;

  @Option(names = "--keep", description = "leave the cluster, or what was applied, as it is")
  boolean keep;

  @Option(
      names = "--external-name",
      paramLabel = "NAME=ADDRESS",
      description = "with --server: a name outside the cluster and its address")
  String externalName = OUTSIDE_NAME + "=" + OUTSIDE_ADDRESS + "," + OUTSIDE_IPV6;

  @Option(names = "--no-capture", description = "leave out the capture on the node network")
  boolean noCapture;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "for the start (default: ${DEFAULT-VALUE})")
  int timeout;

  @Override
  public Integer call() {
    return podwire().isRemote() ? onServer() : onOwnCluster();
  }

  private int onOwnCluster() {
    if (nodes < 2) {
      throw new CommandFailure(
          "--nodes " + nodes + ": the demo shows two nodes; choose 2 or more",
          ExitCode.USAGE,
          null);
    }
    long began = System.nanoTime();
    String given = podwire().name;
    ClusterHome home =
        ClusterHome.of(given.equals(ClusterHome.DEFAULT_NAME) ? OWN_NAME : given, System.getenv());
    Path hosts = hostsFile();
    LocalCluster cluster = new LocalCluster(home);
    Thread hook = new Thread(() -> cluster.remove(false), "remove-demo");
    try {
      start(home, hosts);
      Runtime.getRuntime().addShutdownHook(hook);
      boolean held;
      try (ApiClient api = new ApiClient(home.api())) {
        held = run(api, node -> nodeSite(cluster, node));
      }
      Runtime.getRuntime().removeShutdownHook(hook);
      if (keep) {
        out()
            .println(
                "Kept: podwire --name "
                    + home.name()
                    + " status; podwire --name "
                    + home.name()
                    + " down");
      } else {
        cluster.remove(false);
      }
      out()
          .printf(
              Locale.ROOT,
              "Demo %s, %.1f s with start%s%n",
              held ? "ok" : "NOT OK",
              (System.nanoTime() - began) / 1e9,
              keep ? "" : " and removal");
      return held ? ExitCode.OK : ExitCode.FAILED;
    } catch (RuntimeException failure) {
      if (!keep && isOurs(hook)) {
        cluster.remove(false);
      }
      throw failure;
    } finally {
      delete(hosts);
    }
  }

  /** Whether the cluster was up already when the failure came, and nobody else removes it. */
  private static boolean isOurs(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return false;
    }
  }

  private void start(ClusterHome home, Path hosts) {
    ClusterPlan plan =
        ClusterPlanCheck.plan(
            new ClusterPlanCheck.Options(
                nodes,
                family.podCidrs(),
                family.serviceCidrs(),
                family.nodeCidrs(),
                List.of(),
                "iana",
                hosts));
    new ClusterStart(
            home,
            new ClusterStart.Request(
                plan, Optional.of(Demo.manifests()), Duration.ofSeconds(timeout), false),
            progress(),
            System.getenv())
        .run();
  }

  private static Optional<CaptureSite> nodeSite(LocalCluster cluster, Demo.Node node) {
    return Optional.of(CaptureSite.ofProcess(cluster.namespaceHolder(node.name()), "eth0"));
  }

  private int onServer() {
    ManifestStream manifests = Demo.manifests();
    try (ApiClient api = podwire().connect()) {
      try {
        api.post("/podwire/v1/apply", manifests.body(), ManifestStream.MEDIA_TYPE);
      } catch (ApiRefusal refusal) {
        throw manifests.refused(refusal.status());
      }
      try {
        return run(api, node -> CaptureSite.here(node.address())) ? ExitCode.OK : ExitCode.FAILED;
      } finally {
        if (!keep) {
          api.post("/podwire/v1/delete", manifests.body(), ManifestStream.MEDIA_TYPE);
        }
      }
    }
  }

  private boolean run(ApiClient api, Function<Demo.Node, Optional<CaptureSite>> site) {
    String[] external = externalName.split("=", 2);
    if (external.length != 2 || external[0].isEmpty() || external[1].isEmpty()) {
      throw new CommandFailure(
          "--external-name " + externalName + ": write NAME=ADDRESS", ExitCode.USAGE, null);
    }
    PodWait wait = new PodWait(api, Duration.ofSeconds(timeout));
    wait.untilPodsReady(NAMESPACE);
    wait.untilEndpoints(NAMESPACE, "web", 2);
    wait.untilEndpoints(NAMESPACE, "web-pods", 2);
    Demo.Options options =
        new Demo.Options(external[0], List.of(external[1].split(",")), !noCapture);
    return new Demo(api, out(), options).run(site);
  }

  private static Path hostsFile() {
    try {
      Path file = Files.createTempFile("podwire-demo", ".hosts");
      return Files.writeString(
          file,
          "%s %s\n%s %s\n".formatted(OUTSIDE_ADDRESS, OUTSIDE_NAME, OUTSIDE_IPV6, OUTSIDE_NAME));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
