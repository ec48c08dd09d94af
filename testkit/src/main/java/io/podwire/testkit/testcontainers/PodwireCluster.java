package io.podwire.testkit.testcontainers;

import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.failure.ClientFailure;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.ClusterFailure;
import io.podwire.testkit.topology.Topology;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.testcontainers.lifecycle.Startable;

/**
 * A cluster whose programs are containers, on a Docker network of its own, beside those of
 * Testcontainers; any container becomes a Pod of it by the network mode that {@link #pod} returns.
 *
 * <p>Images come from docker/build.sh. Thread-safe once it is started; it goes in a field with
 * Testcontainers' {@code @Container}, or is started and closed.
 */
public final class PodwireCluster implements Startable {
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final long PAUSE_MILLIS = 50;
  private static final Duration POD_LIMIT = Duration.ofSeconds(30);

  private final Topology topology;
  private PodwireImages images = PodwireImages.standard();

  private volatile @Nullable Cluster cluster;
  private volatile @Nullable ClusterContainers containers;

  /** One of so many nodes. */
  public PodwireCluster(int nodes) {
    this(Topology.nodes(nodes));
  }

  /** One with these nodes, networks and objects; it is not started yet. */
  public PodwireCluster(Topology topology) {
    this.topology = topology;
  }

  /** From other images than {@link PodwireImages#standard}. */
  public PodwireCluster withImages(PodwireImages others) {
    images = others;
    return this;
  }

  /**
   * Starts it; returns when all of it is Ready.
   *
   * @throws ClusterFailure where it cannot be had, with the reason, and nothing left behind
   */
  @Override
  public synchronized void start() {
    if (cluster != null) {
      return;
    }
    images.check();
    String name = "c" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
    ClusterContainers started = ClusterContainers.start(name, topology, images);
    ApiClient api = new ApiClient(started.api());
    try {
      await(started, "the control plane does not answer", () -> answers(api));
      await(started, "the DNS server is not ready", started::isDnsReady);
    } catch (RuntimeException | Error failure) {
      api.close();
      started.remove();
      throw failure;
    }
    cluster = Cluster.of(topology, api, started);
    containers = started;
  }

  private static boolean answers(ApiClient api) {
    try {
      api.get(Resource.NODE.listPath(null));
      return true;
    } catch (ClientFailure notYet) {
      return false;
    }
  }

  private void await(ClusterContainers containers, String complaint, BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      String ended = containers.ended();
      if (!ended.isEmpty()) {
        throw new ClusterFailure("the cluster does not become Ready: " + ended);
      }
      if (containers.age().compareTo(topology.startLimit()) > 0) {
        throw new ClusterFailure(complaint + " after " + topology.startLimit().toSeconds() + " s");
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new ClusterFailure("interrupted", stopped);
      }
    }
  }

  /**
   * Its nodes, Pods, Services, DNS and faults.
   *
   * @throws ClusterFailure where it is not started
   */
  public Cluster cluster() {
    Cluster started = cluster;
    if (started == null) {
      throw new ClusterFailure("the cluster is not started: call start() first");
    }
    return started;
  }

  /**
   * Makes a Pod for a container of yours: {@code withNetworkMode(cluster.pod("db"))}.
   *
   * @param name {@code name} or {@code namespace/name}; the container's state is its readiness
   */
  public String pod(String name) {
    return pod(ContainerPod.of(name));
  }

  /**
   * Makes a Pod for a container of yours; returns when it has its address. It is there until the
   * cluster is stopped, and Ready as long as the container is.
   *
   * @return the network mode for the container: it needs no rights, publishes no ports, and finds a
   *     Pod's /etc/resolv.conf and /etc/hosts
   * @throws ClusterFailure where it cannot be made, with the reason
   */
  public String pod(ContainerPod pod) {
    ClusterContainers started = containers;
    if (started == null) {
      throw new ClusterFailure("the cluster is not started: call start() first");
    }
    return "container:" + started.startSandbox(pod, POD_LIMIT);
  }

  /** How long the start took until everything was Ready. */
  public Duration startTook() {
    return cluster().startTook();
  }

  /** Removes it: containers, Pods' sandboxes, network, volumes. */
  @Override
  public synchronized void stop() {
    Cluster started = cluster;
    cluster = null;
    containers = null;
    if (started != null) {
      started.close();
    }
  }

  @Override
  public String toString() {
    Cluster started = cluster;
    return started == null ? "PodwireCluster that is not started" : started.toString();
  }
}
