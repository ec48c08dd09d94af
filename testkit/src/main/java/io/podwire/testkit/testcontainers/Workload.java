package io.podwire.testkit.testcontainers;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The container that is a Pod's program, as the engine tells of it; and the sandbox, which is told.
 *
 * <p>Confined to the thread of {@link Workloads}; but for {@link #remark}.
 */
final class Workload {
  /** In the sandbox, there while the workload is ready. */
  static final String READY_FILE = "/run/podwire/workload-ready";

  private static final String HEALTHY = "healthy";

  private final ContainerPod pod;
  private final ProgramContainer sandbox;
  private volatile @Nullable String container;
  private volatile String remark;
  private boolean ready;

  Workload(ContainerPod pod, ProgramContainer sandbox) {
    this.pod = pod;
    this.sandbox = sandbox;
    this.remark =
        "no container has joined it: start one with withNetworkMode(cluster.pod(\""
            + pod.text()
            + "\"))";
  }

  ContainerPod pod() {
    return pod;
  }

  /** Its arguments for the sandbox's program. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add("--name=" + pod.name());
    arguments.add("--namespace=" + pod.namespace());
    pod.labels().forEach((key, value) -> arguments.add("--label=" + key + "=" + value));
    pod.ports().forEach(port -> arguments.add("--port=" + port));
    arguments.add(
        "--readiness=" + (pod.readyAsContainer() ? "file:" + READY_FILE : pod.readiness()));
    return arguments;
  }

  /** Why it is not ready, as far as its container is why; empty where nothing is known. */
  String remark() {
    return remark;
  }

  /** Whether this container is in the sandbox's network. */
  boolean has(String networkMode) {
    return networkMode.equals("container:" + sandbox.getContainerId());
  }

  boolean is(String id) {
    return id.equals(container);
  }

  /** A container has joined and runs. */
  void started(InspectContainerResponse joined) {
    container = joined.getId();
    var health = joined.getState().getHealth();
    String status = health == null ? HEALTHY : String.valueOf(health.getStatus());
    told(status.equals("none") ? HEALTHY : status);
  }

  /** What the engine says of its health. */
  void told(String status) {
    remark =
        status.equals(HEALTHY) ? "" : "its container " + container + " is not healthy: " + status;
    setReady(status.equals(HEALTHY));
  }

  /** Its container has ended. */
  void ended() {
    remark = "its container " + container + " has ended";
    container = null;
    setReady(false);
  }

  private void setReady(boolean now) {
    if (now != ready && pod.readyAsContainer()) {
      ready = now;
      sandbox.succeeds(now ? "touch" : "rm", READY_FILE);
    }
  }
}
