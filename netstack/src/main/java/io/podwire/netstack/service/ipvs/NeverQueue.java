package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code nq}: an idle one if there is any, else as {@code sed}. */
final class NeverQueue implements Scheduler {

  private List<ServiceEndpoint> servers = List.of();

  @Override
  public void update(List<ServiceEndpoint> next) {
    servers = next;
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    for (int i = 0; i < servers.size(); i++) {
      if (servers.get(i).weight() > 0 && servers.get(i).active() == 0) {
        return servers.get(i);
      }
    }
    return Load.EXPECTED.least(servers);
  }
}
