package io.podwire.netstack.service;

import io.podwire.packet.addr.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which backend a client of a Service port had last, of Services with session affinity. Bounded:
 * the client that has not connected for longest goes first.
 *
 * <p>Times are milliseconds of any steady clock. Not thread-safe; confined to the node's event
 * loop.
 */
public final class AffinityTable {

  /** As large as Cilium's map of affinities. */
  public static final int DEFAULT_CAPACITY = 65_536;

  private record Client(String service, IpAddress address) {}

  private record Held(Backend backend, long sinceMillis) {}

  private final int capacity;
  private final Map<Client, Held> clients = new LinkedHashMap<>(16, 0.75f, true);

  public AffinityTable(int capacity) {
    this.capacity = capacity;
  }

  /** The endpoint that the client keeps, where it is one of these still. */
  public @Nullable ServiceEndpoint lookup(
      FirstPacket packet, VirtualService service, List<ServiceEndpoint> eligible) {
    Client client = new Client(identity(packet, service), packet.source());
    Held held = clients.get(client);
    if (held == null) {
      return null;
    }
    boolean fresh = packet.nowMillis() - held.sinceMillis() < service.affinitySeconds() * 1000L;
    ServiceEndpoint endpoint = fresh ? ServicePort.in(eligible, held.backend()) : null;
    if (endpoint == null) {
      clients.remove(client);
    }
    return endpoint;
  }

  /** The client has opened a connection to this endpoint. */
  public void keep(FirstPacket packet, VirtualService service, ServiceEndpoint endpoint) {
    clients.put(
        new Client(identity(packet, service), packet.source()),
        new Held(endpoint.backend(), packet.nowMillis()));
    if (clients.size() > capacity) {
      var eldest = clients.entrySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** The client is to choose anew. */
  public void forget(FirstPacket packet, VirtualService service) {
    clients.remove(new Client(identity(packet, service), packet.source()));
  }

  /** A name may have a port number of TCP and of UDP. */
  private static String identity(FirstPacket packet, VirtualService service) {
    return service.name() + '/' + packet.protocol();
  }

  public int size() {
    return clients.size();
  }
}
