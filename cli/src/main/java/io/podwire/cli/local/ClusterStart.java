package io.podwire.cli.local;

import io.podwire.agent.pod.JavaRuntime;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Starts a local cluster and waits until all of it is Ready; what fails, or is interrupted, leaves
 * nothing behind.
 *
 * <p>For one start.
 */
public final class ClusterStart {
  /**
   * What to start.
   *
   * @param hostRoute whether this machine's own network gets a way into the cluster
   */
  public record Request(
      ClusterPlan plan,
      Optional<ManifestStream> manifests,
      Duration patience,
      boolean keepLogs,
      boolean hostRoute) {

    /** A cluster that leaves this machine's own network as it is. */
    public Request(
        ClusterPlan plan, Optional<ManifestStream> manifests, Duration patience, boolean keepLogs) {
      this(plan, manifests, patience, keepLogs, false);
    }
  }

  private final ClusterHome home;
  private final Request request;
  private final ClusterPlan plan;
  private final Progress progress;
  private final JavaRuntime runtime;
  private final DaemonLauncher launcher;
  private final long began = System.nanoTime();

  // Guarded by this: whether the start was given up, so that nothing more may be started.
  private boolean abandoned;

  /** A start that is still to be run. */
  public ClusterStart(
      ClusterHome home, Request request, Progress progress, Map<String, String> environment) {
    this(home, request, progress, StartCaches.runtime(), environment);
  }

  ClusterStart(
      ClusterHome home,
      Request request,
      Progress progress,
      JavaRuntime runtime,
      Map<String, String> environment) {
    this.home = home;
    this.runtime = runtime;
    this.request = request;
    this.plan = request.plan();
    this.progress = progress;
    this.launcher = new DaemonLauncher(home, runtime, environment);
  }

  /**
   * Runs it.
   *
   * @throws CommandFailure after everything was removed again
   */
  public void run() {
    Preflight.check();
    try (ClusterLock _ = ClusterLock.take(home)) {
      clearLeftovers();
      Thread hook = new Thread(this::abandon, "remove-cluster");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        startAll();
      } catch (RuntimeException | Error failure) {
        if (isEnding(hook)) {
          throw new CommandFailure("interrupted", ExitCode.INTERRUPTED, failure);
        }
        progress.waiting("Removing what was started");
        abandon();
        progress.clear();
        throw failure;
      }
      if (isEnding(hook)) {
        throw new CommandFailure("interrupted", ExitCode.INTERRUPTED, null);
      }
    }
  }

  /** Takes the hook back; true where the JVM is already ending and the hook does the work. */
  private static boolean isEnding(Thread hook) {
    try {
      return !Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return true;
    }
  }

  private synchronized void abandon() {
    if (!abandoned) {
      abandoned = true;
      ClusterRemoval.run(home, request.keepLogs());
    }
  }

  /** A cluster that runs is an error; what a killed {@code up} or a reboot left is removed. */
  private void clearLeftovers() {
    Optional<ClusterRecord> record = ClusterRecord.read(home.record());
    boolean alive = !new ClusterProcesses(home).members().isEmpty();
    if (alive
        && record.map(ClusterRecord::phase).equals(Optional.of(ClusterRecord.Phase.RUNNING))) {
      throw new CommandFailure(running(record.get()));
    }
    if (alive || record.isPresent()) {
      progress.line("Removing what an earlier start of cluster " + home.name() + " left behind");
      ClusterRemoval.run(home, false);
      try {
        Files.createDirectories(home.folder());
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private String running(ClusterRecord record) {
    String option = home.name().equals(ClusterHome.DEFAULT_NAME) ? "" : " --name " + home.name();
    return String.format(
        Locale.ROOT,
        "cluster \"%s\" is running already: control plane, %d nodes (%s), since %s%n"
            + "  look at it:  podwire status%s%n"
            + "  stop it:     podwire down%s%n"
            + "  another one: podwire up --name NAME",
        home.name(),
        record.nodes().size(),
        String.join(", ", record.nodes()),
        record.started(),
        option,
        option);
  }

  private void startAll() {
    HostAccess access = new HostAccess(home, plan);
    if (request.hostRoute()) {
      access.check();
    }
    progress.line(
        "Cluster "
            + home.name()
            + ": "
            + plan.nodes()
            + (plan.nodes() == 1 ? " node" : " nodes")
            + ", Pods "
            + join(plan.podCidrs())
            + ", Services "
            + join(plan.serviceCidrs())
            + ", node network "
            + join(plan.nodeCidrs()));
    ClusterRecord record =
        new ClusterRecord(
            ClusterRecord.Phase.STARTING,
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            plan.nodeNames(),
            plan.hosts() != null);
    record.write(home.record());
    launcher.prepare();
    ReadinessTracker tracker = new ReadinessTracker(plan.nodeNames());
    StartWait wait = new StartWait(home, record.daemons(), tracker, request.patience());
    try (RunFolderWatch _ =
            new RunFolderWatch(home.run(), file -> wait.offer(new ClusterEvent.RunFile(file)));
        NodeNetwork network = new NodeNetwork(plan.nodeCidrs(), plan.outsideAddresses());
        ApiClient api = new ApiClient(home.api())) {
      AgentQueue agents = startPrograms(network);
      progress.waiting("Waiting for the control plane");
      wait.until(
          () -> Files.exists(home.readyFile(Daemon.CONTROL_PLANE)),
          agents::startNext,
          "the control plane does not serve");
      done("Control plane ready");
      apply(api, builtIn());
      request.manifests().ifPresent(manifests -> apply(api, manifests));
      awaitReady(api, wait, tracker, agents);
      open(access, api);
      record.with(ClusterRecord.Phase.RUNNING).write(home.record());
    }
    done("Cluster " + home.name() + " is up");
  }

  private void writeResolvConf() {
    try {
      Files.writeString(home.resolvConf(), plan.nodesResolvConf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void open(HostAccess access, ApiClient api) {
    access.write(api);
    if (request.hostRoute()) {
      access.make(api);
      progress.line(
          "This machine reaches Pods and Services; it is " + join(access.addresses()) + " to them");
    }
  }

  private AgentQueue startPrograms(NodeNetwork network) {
    DaemonPlan daemons = new DaemonPlan(home, plan, runtime);
    writeResolvConf();
    start(() -> launcher.hold("fabric", network.fabric()));
    start(daemons.controlPlane(), network.addMachine(plan.controlPlaneAddresses()));
    if (plan.hosts() != null) {
      start(daemons.outsideDns(), network.fabric());
    }
    AgentQueue agents =
        new AgentQueue(
            plan.nodes(),
            number -> start(daemons.agent(number), network.addMachine(plan.nodeAddresses(number))),
            number -> Files.exists(home.readyFile(plan.nodeNames().get(number - 1))));
    agents.startNext();
    return agents;
  }

  private void start(Daemon daemon, NetworkNamespace namespace) {
    start(() -> launcher.start(daemon, namespace));
  }

  private synchronized void start(Runnable action) {
    if (abandoned) {
      throw new CommandFailure("interrupted", ExitCode.INTERRUPTED, null);
    }
    action.run();
  }

  private void awaitReady(
      ApiClient api, StartWait wait, ReadinessTracker tracker, AgentQueue agents) {
    try (ObjectFollower nodes = new ObjectFollower(api, Resource.NODE, wait::offer);
        ObjectFollower pods = new ObjectFollower(api, Resource.POD, wait::offer)) {
      nodes.start();
      pods.start();
      Runnable show =
          () -> {
            agents.startNext();
            progress.waiting(tracker.text());
          };
      wait.until(tracker::nodesReady, show, "Nodes");
      done(plan.nodes() + (plan.nodes() == 1 ? " Node" : " Nodes") + " ready");
      wait.until(() -> tracker.nodesReady() && tracker.podsReady(), show, "Pods");
      done(tracker.podCount() + (tracker.podCount() == 1 ? " Pod" : " Pods") + " ready");
    }
  }

  private void apply(ApiClient api, ManifestStream manifests) {
    try {
      var answer = api.post("/podwire/v1/apply", manifests.body(), ManifestStream.MEDIA_TYPE);
      answer
          .path("warnings")
          .forEach(warning -> progress.line("Warning: " + manifests.located(warning.asText())));
    } catch (ApiRefusal refusal) {
      throw manifests.refused(refusal.status());
    }
  }

  private ManifestStream builtIn() {
    String text =
        DaemonLauncher.resource("cluster.yaml")
            .replace("${DNS_OPTION}", plan.dnsOption())
            .replace("${DNS_ADDRESS}", plan.dnsServiceAddresses().getFirst().toString())
            .replace("${DNS_ADDRESSES}", quoted(plan.dnsServiceAddresses()))
            .replace("${DNS_FAMILY_POLICY}", familyPolicy(plan.dnsServiceAddresses()))
            .replace("${DNS_FAMILIES}", families(plan.dnsServiceAddresses()))
            .replace(
                "${API_ENDPOINT}",
                ClusterPlan.endpoint(plan.apiServiceAddress(), ClusterPlan.GRPC_PORT));
    return ManifestFiles.ofText("built-in cluster.yaml", text);
  }

  private static String quoted(List<IpAddress> addresses) {
    return addresses.stream().map(each -> '"' + each.toString() + '"').toList().toString();
  }

  private static String familyPolicy(List<IpAddress> addresses) {
    return addresses.size() > 1 ? "RequireDualStack" : "SingleStack";
  }

  private static String families(List<IpAddress> addresses) {
    return addresses.stream().map(each -> each.isIpv4() ? "IPv4" : "IPv6").toList().toString();
  }

  private void done(String what) {
    double seconds = (System.nanoTime() - began) / 1e9;
    progress.line(String.format(Locale.ROOT, "%s (%.1f s)", what, seconds));
  }

  private static String join(List<?> values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.toString()));
    return String.join(" and ", texts);
  }
}
