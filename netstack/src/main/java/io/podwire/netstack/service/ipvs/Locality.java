package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code lblc}: a server for each address that clients connect to, chosen by {@code wlc}, until it
 * has more active connections than weight while another one is at less than half.
 *
 * <p>A virtual server has one address, so that clients of one Service stay together.
 */
final class Locality implements Scheduler {

  private List<ServiceEndpoint> servers = List.of();
  private final Map<IpAddress, ServiceEndpoint> kept = new HashMap<>(2);

  @Override
  public void update(List<ServiceEndpoint> next) {
    servers = next;
    kept.values().removeIf(server -> !next.contains(server));
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    ServiceEndpoint server = kept.get(packet.destination());
    if (server == null || server.weight() <= 0 || isOverloaded(server, servers)) {
      server = Load.CONNECTIONS.least(servers);
      if (server != null) {
        kept.put(packet.destination(), server);
      }
    }
    return server;
  }

  /** More active connections than weight, while another one has less than half of its own. */
  static boolean isOverloaded(ServiceEndpoint server, List<ServiceEndpoint> all) {
    if (server.active() <= server.weight()) {
      return false;
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).active() * 2L < all.get(i).weight()) {
        return true;
      }
    }
    return false;
  }
}
