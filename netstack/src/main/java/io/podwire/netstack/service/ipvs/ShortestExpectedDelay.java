package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sed}: the shortest delay to expect: active connections and this one, by weight. */
final class ShortestExpectedDelay implements Scheduler {

  private List<ServiceEndpoint> servers = List.of();

  @Override
  public void update(List<ServiceEndpoint> next) {
    servers = next;
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    return Load.EXPECTED.least(servers);
  }
}
