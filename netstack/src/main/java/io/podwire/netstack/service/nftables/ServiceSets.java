package io.podwire.netstack.service.nftables;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.netstack.service.ServicePort;
import io.podwire.packet.addr.IpAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the table keeps of one Service port with all its addresses: a set of clients for each
 * endpoint, where there is session affinity.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class ServiceSets {

  /** As the kernel's limit for a set that packets add to. */
  private static final int CAPACITY = 65_536;

  /** kube-proxy has a table for each family. */
  record Key(String name, int protocol, boolean ipv4) {
    static Key of(ServicePort port) {
      return new Key(port.service().name(), port.key().protocol(), port.key().address().isIpv4());
    }
  }

  private final Key key;
  private final Set<ServicePort> ports = new LinkedHashSet<>(2);
  private final Map<Backend, Map<IpAddress, Long>> clients = new LinkedHashMap<>(2);

  ServiceSets(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  Set<ServicePort> ports() {
    return ports;
  }

  void put(ServicePort port) {
    ports.add(port);
    Set<Backend> there = new LinkedHashSet<>(port.service().backends());
    there.addAll(port.service().localBackends());
    // An endpoint's set goes with it.
    clients.keySet().retainAll(there);
  }

  boolean remove(ServicePort port) {
    ports.remove(port);
    return ports.isEmpty();
  }

  /** Whether the endpoint's set holds the client. */
  boolean holds(ServiceEndpoint endpoint, FirstPacket packet, int seconds) {
    Map<IpAddress, Long> set = clients.get(endpoint.backend());
    Long since = set == null ? null : set.get(packet.source());
    return since != null && packet.nowMillis() - since < seconds * 1000L;
  }

  /** Adds the client to the endpoint's set, or renews it; does nothing where that is full. */
  void update(ServiceEndpoint endpoint, FirstPacket packet, int seconds) {
    Map<IpAddress, Long> set =
        clients.computeIfAbsent(endpoint.backend(), none -> new LinkedHashMap<>(2));
    long now = packet.nowMillis();
    var eldest = set.values().iterator();
    while (eldest.hasNext() && now - eldest.next() >= seconds * 1000L) {
      eldest.remove();
    }
    if (set.remove(packet.source()) != null || set.size() < CAPACITY) {
      set.put(packet.source(), now);
    }
  }
}
