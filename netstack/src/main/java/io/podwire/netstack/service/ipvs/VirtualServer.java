package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.netstack.service.ServicePort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An address and port with its schedulers: one over all endpoints, one over the node's own. Their
 * tables are made when the first connection comes.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class VirtualServer {

  private final IpvsScheduler name;
  private @Nullable Scheduler everywhere;
  private @Nullable Scheduler local;

  VirtualServer(IpvsScheduler name) {
    this.name = name;
  }

  /** The endpoints have changed. */
  void update(ServicePort port) {
    if (everywhere != null) {
      everywhere.update(port.endpoints());
    }
    if (local != null) {
      local.update(port.local());
    }
  }

  @Nullable ServiceEndpoint schedule(FirstPacket packet, ServicePort port, boolean ofTheNode) {
    if (ofTheNode) {
      local = made(local, port.local());
      return local.schedule(packet);
    }
    everywhere = made(everywhere, port.endpoints());
    return everywhere.schedule(packet);
  }

  private Scheduler made(@Nullable Scheduler there, List<ServiceEndpoint> servers) {
    if (there != null) {
      return there;
    }
    Scheduler scheduler = Schedulers.of(name);
    scheduler.update(servers);
    return scheduler;
  }
}
