package io.podwire.agent.sync;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.EndpointSlice.Endpoint;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.filter.Conntrack;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Binds Services to their endpoints in the datapath's table, as kube-proxy does: the ready
 * endpoints, or where there are none those that still serve while terminating.
 *
 * <p>A change costs what the one Service has. Not thread-safe; confined to the node's event loop.
 */
final class ServiceBindings {

  private final NodeDatapath datapath;
  private final Map<ObjectName, Service> services = new HashMap<>();
  private final Map<ObjectName, Map<ObjectName, EndpointSlice>> slices = new HashMap<>();
  private final Map<ObjectName, ObjectName> serviceOfSlice = new HashMap<>();
  private final Map<ObjectName, Map<ServiceTable.Key, VirtualService>> bound = new HashMap<>();

  ServiceBindings(NodeDatapath datapath) {
    this.datapath = datapath;
  }

  void upsert(Service service) {
    services.put(service.key(), service);
    bind(service.key());
  }

  void removeService(ObjectName key) {
    services.remove(key);
    bind(key);
  }

  void upsert(EndpointSlice slice) {
    ObjectName service = new ObjectName(slice.key().namespace(), slice.serviceName());
    ObjectName before = serviceOfSlice.put(slice.key(), service);
    if (before != null && !before.equals(service)) {
      forget(before, slice.key());
    }
    slices.computeIfAbsent(service, none -> new HashMap<>()).put(slice.key(), slice);
    bind(service);
  }

  void removeSlice(ObjectName key) {
    ObjectName service = serviceOfSlice.remove(key);
    if (service != null) {
      forget(service, key);
    }
  }

  void retainOnly(Set<ObjectName> keptServices, Set<ObjectName> keptSlices) {
    missing(services.keySet(), keptServices).forEach(this::removeService);
    missing(serviceOfSlice.keySet(), keptSlices).forEach(this::removeSlice);
  }

  private static Set<ObjectName> missing(Set<ObjectName> held, Set<ObjectName> kept) {
    Set<ObjectName> missing = new HashSet<>(held);
    missing.removeAll(kept);
    return missing;
  }

  private void forget(ObjectName service, ObjectName slice) {
    Map<ObjectName, EndpointSlice> remaining = slices.get(service);
    if (remaining != null) {
      remaining.remove(slice);
      if (remaining.isEmpty()) {
        slices.remove(service);
      }
    }
    bind(service);
  }

  private void bind(ObjectName key) {
    Service service = services.get(key);
    Map<ServiceTable.Key, VirtualService> wanted =
        service == null ? Map.of() : wanted(service, slices.getOrDefault(key, Map.of()));
    Map<ServiceTable.Key, VirtualService> current = bound.getOrDefault(key, Map.of());
    if (wanted.equals(current)) {
      return;
    }
    current.forEach((virtual, old) -> {
      VirtualService next = wanted.get(virtual);
      if (next == null) {
        datapath.services().remove(virtual);
      }
      forgetStaleFlows(virtual, old, next == null ? List.of() : next.backends());
    });
    wanted.forEach(datapath.services()::put);
    if (wanted.isEmpty()) {
      bound.remove(key);
    } else {
      bound.put(key, wanted);
    }
  }

  /** UDP has no end of a connection: flows to an endpoint that is gone would never be moved. */
  private void forgetStaleFlows(ServiceTable.Key virtual, VirtualService old, List<Backend> next) {
    if (virtual.protocol() != IpProtocol.UDP) {
      return;
    }
    Set<Backend> gone = new HashSet<>(old.backends());
    gone.removeAll(new HashSet<>(next));
    if (gone.isEmpty()) {
      return;
    }
    Conntrack conntrack = datapath.conntrack();
    conntrack.removeIf(connection ->
        connection.original().protocol() == IpProtocol.UDP
            && connection.original().destinationPort() == virtual.port()
            && connection.original().destination().equals(virtual.address())
            && gone.contains(
                new Backend(connection.answer().source(), connection.answer().sourcePort())));
  }

  private static Map<ServiceTable.Key, VirtualService> wanted(
      Service service, Map<ObjectName, EndpointSlice> slices) {
    Map<ServiceTable.Key, VirtualService> wanted = new HashMap<>();
    for (Service.Port port : service.ports()) {
      String name = service.key() + (port.name().isEmpty() ? "" : ":" + port.name());
      for (IpAddress address : service.clusterIps()) {
        wanted.put(
            new ServiceTable.Key(address, port.protocol().number(), port.port()),
            new VirtualService(name, backends(port, address, slices)));
      }
    }
    return wanted;
  }

  private static List<Backend> backends(
      Service.Port port, IpAddress address, Map<ObjectName, EndpointSlice> slices) {
    List<Backend> ready = backends(port, address, slices, Endpoint::ready);
    return ready.isEmpty()
        ? backends(port, address, slices, endpoint -> endpoint.serving() && endpoint.terminating())
        : ready;
  }

  private static List<Backend> backends(
      Service.Port port,
      IpAddress address,
      Map<ObjectName, EndpointSlice> slices,
      Predicate<Endpoint> eligible) {
    List<Backend> backends = new ArrayList<>();
    for (EndpointSlice slice : slices.values()) {
      for (EndpointSlice.Port resolved : slice.ports()) {
        if (!resolved.name().equals(port.name()) || resolved.protocol() != port.protocol()) {
          continue;
        }
        for (Endpoint endpoint : slice.endpoints()) {
          if (eligible.test(endpoint)) {
            endpoint.addresses().stream()
                .filter(ip -> ip.isIpv4() == address.isIpv4())
                .findFirst()
                .ifPresent(ip -> backends.add(new Backend(ip, resolved.port())));
          }
        }
      }
    }
    // A stable order: the same endpoints give the same table, whatever the order of the slices.
    backends.sort((a, b) ->
        a.address().equals(b.address())
            ? Integer.compare(a.port(), b.port())
            : a.address().compareTo(b.address()));
    return backends.stream().distinct().toList();
  }
}
