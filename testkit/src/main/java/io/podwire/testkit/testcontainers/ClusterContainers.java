package io.podwire.testkit.testcontainers;

import io.podwire.client.api.ApiAddress;
import io.podwire.testkit.cluster.ClusterFailure;
import io.podwire.testkit.cluster.ClusterPrograms;
import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.lifecycle.Startables;

/** The containers of one cluster, with their network and volumes. Thread-safe. */
final class ClusterContainers implements ClusterPrograms {
  private final String name;
  private final ClusterPlan plan;
  private final long began = System.nanoTime();
  private final Path folder;
  private final List<ProgramContainer> containers = new CopyOnWriteArrayList<>();
  private final Workloads workloads;
  private final EngineReaper reaper;

  private ClusterContainers(String name, ClusterPlan plan, Path folder) {
    this.name = name;
    this.plan = plan;
    this.folder = folder;
    this.reaper = EngineReaper.start(folder);
    this.workloads = Workloads.follow();
  }

  /** Starts all at once, and returns when every container runs; a failure leaves nothing behind. */
  static ClusterContainers start(String name, Topology topology, PodwireImages images) {
    try {
      Path folder = Files.createTempDirectory("podwire-" + name + "-");
      ClusterPlan plan = ClusterPlan.make(name, topology, images);
      ClusterContainers cluster = new ClusterContainers(name, plan, folder);
      cluster.containers.addAll(plan.containers());
      try {
        Startables.deepStart(cluster.containers).join();
      } catch (RuntimeException | Error failure) {
        Throwable reason = failure.getCause() == null ? failure : failure.getCause();
        String text = "a container of the cluster did not start: " + told(reason);
        cluster.remove();
        throw new ClusterFailure(text, failure);
      }
      return cluster;
    } catch (IOException failure) {
      throw new ClusterFailure(
          "no folder can be made in java.io.tmpdir (" + failure.getMessage() + ")", failure);
    }
  }

  /** The innermost reason is the engine's own. */
  private static String told(Throwable failure) {
    Throwable reason = failure;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return String.valueOf(reason.getMessage()).strip();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Override
  public Path captures() {
    return folder.resolve("captures");
  }

  ApiAddress api() {
    ProgramContainer controlPlane = container(ClusterPlan.CONTROL_PLANE);
    return new ApiAddress.Tcp(
        controlPlane.getHost(), controlPlane.getMappedPort(ClusterPlan.HTTP_PORT));
  }

  private ProgramContainer container(String program) {
    return containers.stream()
        .filter(each -> each.program().equals(program))
        .findFirst()
        .orElseThrow(() -> new ClusterFailure("the cluster has no " + program));
  }

  /** Whether the DNS server knows what the cluster has. */
  boolean isDnsReady() {
    return container(ClusterPlan.DNS).succeeds("healthy", "ready-file");
  }

  /** The first container that has ended by itself, with what it said last; empty where none has. */
  String ended() {
    for (ProgramContainer container : containers) {
      if (!container.isRunning()) {
        return container.program() + ends(container);
      }
    }
    return "";
  }

  private static String ends(ProgramContainer container) {
    List<String> lines = container.logTail(8);
    return " has ended"
        + (lines.isEmpty() ? "" : "; its last lines:\n    " + String.join("\n    ", lines));
  }

  @Override
  public List<String> logTail(String program, int lines) {
    return containers.stream()
        .filter(each -> each.program().equals(program))
        .findFirst()
        .map(each -> each.logTail(lines))
        .orElse(List.of());
  }

  @Override
  public void copyLogs(Path logs, Path pods) throws IOException {
    Files.createDirectories(logs);
    Files.createDirectories(pods);
    for (ProgramContainer container : containers) {
      Files.writeString(logs.resolve(container.program() + ".log"), container.log());
    }
    for (String node : plan.nodes()) {
      ExecResult all =
          shell(node, "find /var/lib/podwire -name '*.log' -exec tail -n +1 {} + </dev/null");
      Files.writeString(pods.resolve(node + ".log"), all.getStdout());
    }
  }

  @Override
  public void restart(String node) {
    ExecResult end = shell(node, AGENT_PID + RESTART);
    if (end.getExitCode() != 0) {
      throw new ClusterFailure("the agent of " + node + " does not come back: " + end.getStderr());
    }
  }

  @Override
  public void signal(String node, String signal) {
    ExecResult end = shell(node, AGENT_PID + "kill -" + signal + " $(agent)");
    if (end.getExitCode() != 0) {
      throw new ClusterFailure("the agent of " + node + " is not running");
    }
  }

  /** Prints the agent's process id; the supervisor's command line begins otherwise. */
  private static final String AGENT_PID =
      """
      agent() {
        for each in /proc/[0-9]*; do
          case $(tr '\\0' ' ' <$each/cmdline 2>/dev/null) in
            java\\ *io.podwire.agent.boot.NodeAgent*) echo ${each#/proc/} ;;
          esac
        done
      }
      """;

  /** The supervisor removes the ready file before it starts the next one. */
  private static final String RESTART =
      """
      was=$(agent)
      kill -9 $was || exit 1
      left=600
      until now=$(agent) && [ "$now" ] && [ "$now" != "$was" ] && [ -e /run/podwire/ready ]; do
        left=$((left - 1))
        [ $left -gt 0 ] || exit 1
        sleep 0.05
      done
      """;

  private ExecResult shell(String node, String script) {
    try {
      return container(node).execInContainer("sh", "-c", script);
    } catch (IOException | RuntimeException gone) {
      throw new ClusterFailure("node " + node + " is not running: " + gone.getMessage(), gone);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ClusterFailure("interrupted", stopped);
    }
  }

  @Override
  public String remark(String pod) {
    return workloads.remark(pod);
  }

  /** Starts the sandbox of a Pod; returns its container's id when the Pod is on its node. */
  String startSandbox(ContainerPod pod, Duration limit) {
    String node = pod.node().isEmpty() ? plan.nodes().get(nextNode()) : pod.node();
    if (!plan.nodes().contains(node)) {
      throw new ClusterFailure(
          "Pod " + pod.text() + ": there is no " + node + ", but " + plan.nodes());
    }
    if (workloads.has(pod)) {
      throw new ClusterFailure("Pod " + pod.text() + " is there already; choose another name");
    }
    ProgramContainer sandbox = plan.sandbox(pod, node);
    containers.add(sandbox);
    Workload workload = new Workload(pod, sandbox);
    try {
      sandbox.withCommand(workload.arguments().toArray(String[]::new)).start();
      workloads.add(workload);
      long deadline = System.nanoTime() + limit.toNanos();
      while (!sandbox.succeeds("healthy", "ready-file")) {
        if (!sandbox.isRunning() || System.nanoTime() - deadline > 0) {
          throw new ClusterFailure(
              "Pod "
                  + pod.text()
                  + " was not made on "
                  + node
                  + ": "
                  + String.join("; ", sandbox.logTail(3)));
        }
      }
      return sandbox.getContainerId();
    } catch (RuntimeException | Error failure) {
      workloads.remove(workload);
      containers.remove(sandbox);
      sandbox.stop();
      throw failure;
    }
  }

  private int nextNode() {
    return (containers.size() - plan.containersBefore()) % plan.nodes().size();
  }

  @Override
  public void remove() {
    List<ProgramContainer> all = new ArrayList<>(containers);
    containers.clear();
    workloads.close();
    all.parallelStream().forEach(ProgramContainer::stop);
    plan.removeVolumes();
    plan.network().remove();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(ClusterContainers::delete);
    } catch (IOException failure) {
      throw new ClusterFailure(folder + " cannot be removed: " + failure.getMessage(), failure);
    }
    reaper.dismiss();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
