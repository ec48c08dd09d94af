package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code lblcr}: a set of servers for each address that clients connect to, of which the least
 * loaded takes the connection; it grows when that one is overloaded, and a set that has not changed
 * for a day loses its most loaded server.
 */
final class ReplicatedLocality implements Scheduler {

  /** {@code lblcr_expiration}. */
  private static final long SHRINK_AFTER_MILLIS = 24 * 60 * 60 * 1000L;

  private List<ServiceEndpoint> servers = List.of();
  private final Map<IpAddress, Replicas> kept = new HashMap<>(2);

  private static final class Replicas {
    final List<ServiceEndpoint> servers = new ArrayList<>();
    long changedMillis;
  }

  @Override
  public void update(List<ServiceEndpoint> next) {
    servers = next;
    kept.values().forEach(set -> set.servers.removeIf(server -> !next.contains(server)));
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    Replicas set = kept.get(packet.destination());
    long now = packet.nowMillis();
    if (set != null) {
      ServiceEndpoint least = Load.CONNECTIONS.least(set.servers);
      if (set.servers.size() > 1 && now - set.changedMillis > SHRINK_AFTER_MILLIS) {
        set.servers.remove(most(set.servers));
        set.changedMillis = now;
      }
      if (least != null && !Locality.isOverloaded(least, servers)) {
        return least;
      }
    }
    ServiceEndpoint added = Load.CONNECTIONS.least(servers);
    if (added == null) {
      return null;
    }
    if (set == null) {
      set = new Replicas();
      kept.put(packet.destination(), set);
    }
    if (!set.servers.contains(added)) {
      // The newest is looked at first.
      set.servers.add(0, added);
      set.changedMillis = now;
    }
    return added;
  }

  private static ServiceEndpoint most(List<ServiceEndpoint> servers) {
    ServiceEndpoint most = servers.get(0);
    for (ServiceEndpoint server : servers) {
      if (server.weight() > 0
          && Load.CONNECTIONS.of(most) * server.weight()
              < Load.CONNECTIONS.of(server) * most.weight()) {
        most = server;
      }
    }
    return most;
  }
}
