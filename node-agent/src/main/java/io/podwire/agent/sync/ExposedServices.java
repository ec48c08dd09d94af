package io.podwire.agent.sync;

import io.podwire.agent.expose.Exposure;
import io.podwire.agent.expose.Exposure.HealthCheck;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.AnnouncerElection;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the Services ask of this node for clients outside of the cluster. Costs what the Services
 * have that are reached from there, and nothing for the others.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class ExposedServices {

  private final String nodeName;
  private final Map<ObjectName, Exposed> services = new HashMap<>();
  private final Set<String> readyNodes = new TreeSet<>();
  private boolean changed = true;

  /** A Service's part; the nodes are those with a ready endpoint of it. */
  private record Exposed(
      Set<ServiceTable.Key> steered,
      List<IpAddress> balanced,
      boolean local,
      Set<String> nodes,
      int healthCheckPort,
      int localReady) {}

  ExposedServices(String nodeName) {
    this.nodeName = nodeName;
  }

  /** Nodes whose agents are there can answer for load balancers. */
  void upsert(Node node) {
    changed |=
        node.ready() && node.agentPort() != 0
            ? readyNodes.add(node.name())
            : readyNodes.remove(node.name());
  }

  void removeNode(String name) {
    changed |= readyNodes.remove(name);
  }

  void retainNodes(Set<String> names) {
    changed |= readyNodes.retainAll(names);
  }

  /**
   * @param entries what it has in the datapath's table
   * @param ready its ready endpoints' addresses, by the node they are on
   */
  void put(
      Service service,
      Map<ServiceTable.Key, VirtualService> entries,
      Map<String, Set<IpAddress>> ready) {
    Set<ServiceTable.Key> steered = new HashSet<>();
    entries.forEach((key, entry) -> {
      if (entry.frontend().isExternal()) {
        steered.add(key);
      }
    });
    Service.Traffic traffic = service.traffic();
    if (steered.isEmpty() && traffic.healthCheckNodePort() == 0) {
      remove(service.key());
      return;
    }
    List<IpAddress> balanced =
        service.type() == Service.Type.LOAD_BALANCER
            ? traffic.loadBalancer().addresses()
            : List.of();
    boolean checked = traffic.healthCheckNodePort() != 0;
    // Where its endpoints are is nothing to a Service that only has node ports.
    Exposed next =
        new Exposed(
            steered,
            balanced,
            traffic.localExternally(),
            balanced.isEmpty() ? Set.of() : Set.copyOf(ready.keySet()),
            traffic.healthCheckNodePort(),
            checked ? ready.getOrDefault(nodeName, Set.of()).size() : 0);
    changed |= !next.equals(services.put(service.key(), next));
  }

  void remove(ObjectName service) {
    changed |= services.remove(service) != null;
  }

  /** Whether the result may be another one than at the last time. */
  boolean isChanged() {
    return changed;
  }

  Exposure result() {
    changed = false;
    Set<ServiceTable.Key> steered = new HashSet<>();
    Set<IpAddress> announced = new HashSet<>();
    Map<Integer, HealthCheck> healthChecks = new HashMap<>();
    services.forEach((name, service) -> {
      steered.addAll(service.steered);
      if (service.healthCheckPort != 0) {
        healthChecks.put(service.healthCheckPort, new HealthCheck(name, service.localReady));
      }
      for (IpAddress address : service.balanced) {
        AnnouncerElection.elect(address, candidates(service))
            .filter(nodeName::equals)
            .ifPresent(own -> announced.add(address));
      }
    });
    return new Exposure(steered, announced, healthChecks);
  }

  /** With the policy Local only nodes that have an endpoint, unless no node has one. */
  private Set<String> candidates(Exposed service) {
    if (service.local) {
      Set<String> withEndpoints = new TreeSet<>(readyNodes);
      withEndpoints.retainAll(service.nodes);
      return withEndpoints.isEmpty() ? readyNodes : withEndpoints;
    }
    return readyNodes;
  }
}
