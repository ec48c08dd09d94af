package io.podwire.agent.expose;

import io.podwire.agent.tunnel.AddressAnnouncer;
import io.podwire.agent.tunnel.NodeLoop;
import io.podwire.agent.tunnel.ServiceSteering;
import io.podwire.linux.LinuxException;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
  private final List<ServiceSteering> steering;
  private final HealthCheckServers healthChecks;
  private final List<AddressAnnouncer> announcers;
  private final AtomicReference<@Nullable Exposure> next = new AtomicReference<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("expose").factory());

  private NodeExposure(
      List<Cidr> pool,
      List<ServiceSteering> steering,
      HealthCheckServers healthChecks,
      List<AddressAnnouncer> announcers) {
    this.pool = List.copyOf(pool);
    this.steering = List.copyOf(steering);
    this.healthChecks = healthChecks;
    this.announcers = List.copyOf(announcers);
  }

  /**
   * Starts in the calling thread's network namespace.
   *
   * @param node the node's addresses, at most one of each family; load balancers' addresses of a
   *     family that it does not have are none of its business
   * @param pool the load balancers' addresses
   */
  public static NodeExposure start(
      NodeLoop loop, List<IpAddress> node, String nodeLink, List<Cidr> pool) {
    List<ServiceSteering> steering = new ArrayList<>();
    List<AddressAnnouncer> announcers = new ArrayList<>();
    for (IpAddress address : node) {
      List<Cidr> ofItsFamily =
          pool.stream().filter(range -> range.isIpv4() == address.isIpv4()).toList();
      steering.add(ServiceSteering.begin(address, nodeLink, ofItsFamily));
      AddressAnnouncer announcer =
          ofItsFamily.isEmpty() ? null : AddressAnnouncer.start(loop, nodeLink, address.isIpv4());
      if (announcer != null) {
        announcers.add(announcer);
      }
    }
    return new NodeExposure(pool, steering, new HealthCheckServers(node), announcers);
  }

  /** Takes the state that is to be; on the node's event loop. */
  public void replace(Exposure exposure) {
    announcers.forEach(announcer -> announcer.replace(exposure.announced()));
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
      Set<ServiceTable.Key> outsideOfThePool =
          newest.steered().stream()
              .filter(key -> pool.stream().noneMatch(range -> range.contains(key.address())))
              .collect(Collectors.toSet());
      for (ServiceSteering each : steering) {
        each.steer(outsideOfThePool, newest.healthChecks().keySet());
      }
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
    announcers.forEach(AddressAnnouncer::close);
  }
}
