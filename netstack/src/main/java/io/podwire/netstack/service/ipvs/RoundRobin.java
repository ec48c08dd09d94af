package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code rr}: the next one of those with a weight. */
final class RoundRobin implements Scheduler {

  private List<ServiceEndpoint> servers = List.of();
  private int last = -1;

  @Override
  public void update(List<ServiceEndpoint> next) {
    // It goes on behind the one that was last, wherever that is now.
    int at = last >= 0 && last < servers.size() ? next.indexOf(servers.get(last)) : -1;
    last = at >= 0 ? at : Math.max(0, Math.min(last, next.size())) - 1;
    servers = next;
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    for (int i = 0; i < servers.size(); i++) {
      last = last + 1 < servers.size() ? last + 1 : 0;
      if (servers.get(last).weight() > 0) {
        return servers.get(last);
      }
    }
    return null;
  }
}
