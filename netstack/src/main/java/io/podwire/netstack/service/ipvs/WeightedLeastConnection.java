package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code wlc}: the least connections by weight. */
final class WeightedLeastConnection implements Scheduler {

  private List<ServiceEndpoint> servers = List.of();

  @Override
  public void update(List<ServiceEndpoint> next) {
    servers = next;
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    return Load.CONNECTIONS.least(servers);
  }
}
