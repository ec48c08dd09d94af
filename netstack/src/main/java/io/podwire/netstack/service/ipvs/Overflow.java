package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ovf}: the largest weight, and the next once it has more active connections than weight.
 */
final class Overflow implements Scheduler {

  private List<ServiceEndpoint> servers = List.of();

  @Override
  public void update(List<ServiceEndpoint> next) {
    servers = next;
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    ServiceEndpoint heaviest = null;
    for (int i = 0; i < servers.size(); i++) {
      ServiceEndpoint server = servers.get(i);
      if (server.weight() > 0
          && server.active() <= server.weight()
          && (heaviest == null || server.weight() > heaviest.weight())) {
        heaviest = server;
      }
    }
    return heaviest;
  }
}
