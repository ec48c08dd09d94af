package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code lc}: the least connections, whatever the weight, of those that have one. */
final class LeastConnection implements Scheduler {

  private List<ServiceEndpoint> servers = List.of();

  @Override
  public void update(List<ServiceEndpoint> next) {
    servers = next;
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    ServiceEndpoint least = null;
    long leastLoad = 0;
    for (int i = 0; i < servers.size(); i++) {
      ServiceEndpoint server = servers.get(i);
      if (server.weight() > 0) {
        long load = Load.CONNECTIONS.of(server);
        if (least == null || load < leastLoad) {
          least = server;
          leastLoad = load;
        }
      }
    }
    return least;
  }
}
