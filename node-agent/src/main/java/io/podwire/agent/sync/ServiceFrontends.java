package io.podwire.agent.sync;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a Service is reached on a node, and what each of these addresses leads to.
 *
 * @param name the node's
 * @param addresses where its node ports are, at most one of each family
 * @param zone the node's, empty where it has none
 */
record ServiceFrontends(String name, List<IpAddress> addresses, String zone) {

  ServiceFrontends {
    addresses = List.copyOf(addresses);
  }

  /** The entries of the datapath's table for one Service; none where it has no ClusterIP. */
  Map<ServiceTable.Key, VirtualService> of(Service service, Collection<EndpointSlice> slices) {
    Map<ServiceTable.Key, VirtualService> entries = new HashMap<>();
    if (service.headless() || service.type() == Service.Type.EXTERNAL_NAME) {
      return entries;
    }
    for (Service.Port port : service.ports()) {
      Map<Boolean, EndpointChoice> choices = new HashMap<>(2);
      addresses(service, port)
          .forEach((frontend, addresses) -> {
            int number = frontend == Frontend.NODE_PORT ? port.nodePort() : port.port();
            for (IpAddress at : addresses) {
              EndpointChoice choice =
                  choices.computeIfAbsent(
                      at.isIpv4(), ipv4 -> EndpointChoice.of(port, ipv4, slices, name, zone));
              // A ClusterIP comes first in the map, and nothing takes its entry.
              entries.putIfAbsent(
                  new ServiceTable.Key(at, port.protocol().number(), number),
                  entry(service, port, frontend, at.isIpv4(), choice));
            }
          });
    }
    return entries;
  }

  /** The addresses of the ready endpoints, by the node they are on. */
  static Map<String, Set<IpAddress>> ready(Collection<EndpointSlice> slices) {
    Map<String, Set<IpAddress>> ready = new HashMap<>();
    for (EndpointSlice slice : slices) {
      for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
        String node = endpoint.nodeName();
        if (node != null && endpoint.ready()) {
          ready.computeIfAbsent(node, none -> new HashSet<>()).addAll(endpoint.addresses());
        }
      }
    }
    return ready;
  }

  private EnumMap<Frontend, List<IpAddress>> addresses(Service service, Service.Port port) {
    Service.Traffic traffic = service.traffic();
    EnumMap<Frontend, List<IpAddress>> found = new EnumMap<>(Frontend.class);
    found.put(Frontend.CLUSTER_IP, service.clusterIps());
    if (port.nodePort() != 0) {
      found.put(Frontend.NODE_PORT, ofItsFamilies(service, addresses));
    }
    found.put(Frontend.EXTERNAL_IP, ofItsFamilies(service, traffic.externalIps()));
    if (service.type() == Service.Type.LOAD_BALANCER) {
      found.put(Frontend.LOAD_BALANCER, ofItsFamilies(service, traffic.loadBalancer().addresses()));
    }
    return found;
  }

  /** There is a proxy for each family, which knows the Services with a ClusterIP of it alone. */
  private static List<IpAddress> ofItsFamilies(Service service, List<IpAddress> addresses) {
    return addresses.stream()
        .filter(address ->
            service.clusterIps().stream().anyMatch(own -> own.isIpv4() == address.isIpv4()))
        .toList();
  }

  private static VirtualService entry(
      Service service, Service.Port port, Frontend frontend, boolean ipv4, EndpointChoice choice) {
    Service.Traffic traffic = service.traffic();
    boolean localOnly =
        frontend.isExternal()
            ? traffic.localExternally() && service.isExternallyReachable()
            : traffic.localInternally();
    List<Cidr> sourceRanges =
        frontend == Frontend.LOAD_BALANCER
            ? traffic.loadBalancer().sourceRanges().stream()
                .filter(range -> range.isIpv4() == ipv4)
                .toList()
            : List.of();
    return new VirtualService(
        service.key() + (port.name().isEmpty() ? "" : ":" + port.name()),
        frontend,
        choice.cluster(),
        choice.local(),
        localOnly,
        traffic.affinitySeconds(),
        sourceRanges);
  }
}
