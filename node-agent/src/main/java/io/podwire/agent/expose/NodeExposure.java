package io.podwire.agent.expose;

import io.podwire.agent.tunnel.AddressAnnouncer;
import io.podwire.agent.tunnel.NodeLoop;
import io.podwire.agent.tunnel.ServiceSteering;
import io.podwire.cluster.ipam.NodePortAllocator;
import io.podwire.linux.LinuxException;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what the node does for clients outside equal to what it is to do; what takes the kernel's
 * time is done on a thread of its own, and only the newest state counts there.
 */
public final class NodeExposure implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeExposure.class);

  private final List<Cidr> pool;
  private final ServiceSteering steering;
  private final HealthCheckServers healthChecks;
  private final @Nullable AddressAnnouncer announcer;
  private final AtomicReference<@Nullable Exposure> next = new AtomicReference<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("expose").factory());

  private NodeExposure(
      List<Cidr> pool,
      ServiceSteering steering,
      HealthCheckServers healthChecks,
      @Nullable AddressAnnouncer announcer) {
    this.pool = pool;
    this.steering = steering;
    this.healthChecks = healthChecks;
    this.announcer = announcer;
  }

  /**
   * Starts in the calling thread's network namespace.
   *
   * @param pool the load balancers' addresses
   */
  public static NodeExposure start(
      NodeLoop loop, IpAddress node, String nodeLink, List<Cidr> pool) {
    ServiceSteering steering =
        ServiceSteering.begin(
            node, nodeLink, NodePortAllocator.FIRST, NodePortAllocator.LAST, pool);
    return new NodeExposure(
        pool, steering, new HealthCheckServers(node), AddressAnnouncer.start(loop, nodeLink));
  }

  /** Takes the state that is to be; on the node's event loop. */
  public void replace(Exposure exposure) {
    AddressAnnouncer open = announcer;
    if (open != null) {
      open.replace(exposure.announced());
    }
    if (next.getAndSet(exposure) == null) {
      thread.execute(this::apply);
    }
  }

  private void apply() {
    Exposure newest = next.getAndSet(null);
    if (newest == null) {
      return;
    }
    healthChecks.replace(newest.healthChecks());
    try {
      steering.steer(
          newest.steered().stream()
              .filter(key -> pool.stream().noneMatch(range -> range.contains(key.address())))
              .collect(Collectors.toSet()),
          newest.healthChecks().keySet());
    } catch (LinuxException e) {
      LOG.warn("external addresses of Services may be unreachable here: {}", e.getMessage());
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
      LOG.warn("external addresses were still being set up");
    }
    healthChecks.close();
    AddressAnnouncer open = announcer;
    if (open != null) {
      open.close();
    }
  }
}
