package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the real server of a new connection to one virtual server, as the module of that name of
 * Linux does ({@code net/netfilter/ipvs/ip_vs_*.c}).
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
interface Scheduler {

  /** The real servers are these now. */
  void update(List<ServiceEndpoint> servers);

  /** A server of those, or null where none takes connections. */
  @Nullable ServiceEndpoint schedule(FirstPacket packet);
}
