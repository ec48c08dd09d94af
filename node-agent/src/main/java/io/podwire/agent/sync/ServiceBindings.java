package io.podwire.agent.sync;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.addr.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Binds Services to their endpoints in the datapath's table: one entry for each port at each of
 * their addresses ({@link ServiceFrontends}).
 *
 * <p>Changes are noted first and bound together by {@link #bind}, each Service once however many of
 * its slices changed; that costs what the changed Services have, and of these only the ports that
 * differ are put into the table. Not thread-safe; confined to the node's event loop.
 */
public final class ServiceBindings {

  private final ServiceTable table;
  private final ExposedServices exposed;
  private ServiceFrontends frontends;
  private final Map<ObjectName, Service> services = new HashMap<>();
  private final Map<ObjectName, Map<ObjectName, EndpointSlice>> slices = new HashMap<>();
  private final Map<ObjectName, ObjectName> serviceOfSlice = new HashMap<>();
  private final Map<ObjectName, Map<ServiceTable.Key, VirtualService>> bound = new HashMap<>();
  private Set<ObjectName> changed = new LinkedHashSet<>();

  /**
   * Without any Service.
   *
   * @param addresses the node's own, at most one of each family
   */
  public ServiceBindings(ServiceTable table, String nodeName, List<IpAddress> addresses) {
    this.table = table;
    this.exposed = new ExposedServices(nodeName);
    this.frontends = new ServiceFrontends(nodeName, addresses, "");
  }

  /** Takes the node's own zone, on which every Service may depend. */
  public void locate(Node own) {
    ServiceFrontends next = new ServiceFrontends(own.name(), frontends.addresses(), own.zone());
    if (!next.equals(frontends)) {
      frontends = next;
      changed.addAll(services.keySet());
    }
  }

  /** What they ask for beyond the table. */
  ExposedServices exposed() {
    return exposed;
  }

  public void upsert(Service service) {
    if (!service.equals(services.put(service.key(), service))) {
      changed.add(service.key());
    }
  }

  void removeService(ObjectName key) {
    if (services.remove(key) != null) {
      changed.add(key);
    }
  }

  public void upsert(EndpointSlice slice) {
    ObjectName service = new ObjectName(slice.key().namespace(), slice.serviceName());
    ObjectName before = serviceOfSlice.put(slice.key(), service);
    if (before != null && !before.equals(service)) {
      forget(before, slice.key());
    }
    Map<ObjectName, EndpointSlice> held = slices.computeIfAbsent(service, none -> new HashMap<>(2));
    if (!slice.equals(held.put(slice.key(), slice))) {
      changed.add(service);
    }
  }

  void removeSlice(ObjectName key) {
    ObjectName service = serviceOfSlice.remove(key);
    if (service != null) {
      forget(service, key);
    }
  }

  void retainServices(Set<ObjectName> kept) {
    missing(services.keySet(), kept).forEach(this::removeService);
  }

  void retainSlices(Set<ObjectName> kept) {
    missing(serviceOfSlice.keySet(), kept).forEach(this::removeSlice);
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
    changed.add(service);
  }

  /** Brings what has changed since the last call into the table. */
  public void bind() {
    Map<ObjectName, Map<ServiceTable.Key, VirtualService>> wanted = new HashMap<>();
    for (ObjectName key : changed) {
      Map<ServiceTable.Key, VirtualService> ports = wanted(key);
      wanted.put(key, ports);
      bound.getOrDefault(key, Map.of()).keySet().stream()
          .filter(port -> !ports.containsKey(port))
          .forEach(table::remove);
    }
    // After the removals, for an address may have passed from one Service to another.
    for (ObjectName key : changed) {
      Map<ServiceTable.Key, VirtualService> ports = wanted.getOrDefault(key, Map.of());
      ports.forEach(table::put);
      if (ports.isEmpty()) {
        bound.remove(key);
      } else {
        bound.put(key, ports);
      }
    }
    // Not cleared: that would cost as much as the largest step ever was.
    changed = new LinkedHashSet<>();
  }

  private Map<ServiceTable.Key, VirtualService> wanted(ObjectName key) {
    Service service = services.get(key);
    if (service == null) {
      exposed.remove(key);
      return Map.of();
    }
    Collection<EndpointSlice> held = slices.getOrDefault(key, Map.of()).values();
    Map<ServiceTable.Key, VirtualService> entries = frontends.of(service, held);
    if (service.isExternallyReachable()) {
      exposed.put(service, entries, ServiceFrontends.ready(held));
    } else {
      exposed.remove(key);
    }
    return entries;
  }
}
