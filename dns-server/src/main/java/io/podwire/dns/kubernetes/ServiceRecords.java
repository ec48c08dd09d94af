package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What DNS says of one Service, worked out once per change (Kubernetes DNS specification 1.1.0).
 *
 * <p>Immutable and thread-safe.
 *
 * @param addresses ClusterIPs, or the addresses of a headless Service's endpoints
 * @param endpoints addresses by endpoint label, for a ClusterIP Service too
 * @param labels the endpoint label of each address
 * @param targets what SRV records of its name point to
 * @param endpointTargets what those of its endpoints' names point to
 * @param podNames the Pods' names by the addresses of endpoints without a hostname
 */
record ServiceRecords(
    Service service,
    List<IpAddress> addresses,
    Map<String, List<IpAddress>> endpoints,
    Map<IpAddress, String> labels,
    List<Target> targets,
    List<Target> endpointTargets,
    Map<IpAddress, String> podNames) {

  /** Octets of a label (RFC 1035, section 2.3.4); a longer Pod's name names no endpoint. */
  private static final int MAX_LABEL = 63;

  /**
   * One port at one address.
   *
   * @param portName in lower case; empty where it has none
   * @param protocol in lower case
   * @param endpoint the endpoint label, empty where the target is the Service itself
   */
  record Target(String portName, String protocol, int port, String endpoint, IpAddress address) {}

  /** A Service with the slices that carry its name. */
  static ServiceRecords of(Service service, Collection<EndpointSlice> slices) {
    Map<String, List<IpAddress>> endpoints = new LinkedHashMap<>();
    Map<IpAddress, String> labels = new LinkedHashMap<>();
    Map<IpAddress, String> podNames = new LinkedHashMap<>();
    Set<Target> ofEndpoints = new LinkedHashSet<>();
    if (service.type() == Service.Type.EXTERNAL_NAME) {
      return new ServiceRecords(
          service, List.of(), endpoints, labels, List.of(), List.of(), Map.of());
    }
    for (EndpointSlice slice : slices) {
      for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
        if (!endpoint.ready() && !service.publishNotReadyAddresses()) {
          continue;
        }
        for (IpAddress address : endpoint.addresses()) {
          String label = label(endpoint, address);
          List<IpAddress> same = endpoints.computeIfAbsent(label, key -> new ArrayList<>());
          if (!same.contains(address)) {
            same.add(address);
          }
          labels.putIfAbsent(address, label);
          String podName = endpoint.podName();
          if (podName != null && podName.length() <= MAX_LABEL && isUnnamed(endpoint)) {
            podNames.putIfAbsent(address, podName.toLowerCase(Locale.ROOT));
          }
          slice
              .ports()
              .forEach(port ->
                  ofEndpoints.add(
                      target(port.name(), port.protocol().name(), port.port(), label, address)));
        }
      }
    }
    List<Target> endpointTargets = List.copyOf(ofEndpoints);
    if (service.headless()) {
      return new ServiceRecords(
          service,
          List.copyOf(labels.keySet()),
          endpoints,
          labels,
          endpointTargets,
          endpointTargets,
          podNames);
    }
    List<Target> targets = new ArrayList<>();
    for (Service.Port port : service.ports()) {
      for (IpAddress address : service.clusterIps()) {
        targets.add(target(port.name(), port.protocol().name(), port.port(), "", address));
      }
    }
    return new ServiceRecords(
        service,
        service.clusterIps(),
        endpoints,
        labels,
        List.copyOf(targets),
        endpointTargets,
        podNames);
  }

  private static boolean isUnnamed(EndpointSlice.Endpoint endpoint) {
    return endpoint.hostname() == null || endpoint.hostname().isEmpty();
  }

  /** The same with endpoints named after their Pods where they have no hostname. */
  ServiceRecords namedAfterPods() {
    Map<String, List<IpAddress>> named = new LinkedHashMap<>();
    endpoints.forEach((label, each) ->
        each.forEach(address ->
            named
                .computeIfAbsent(podNames.getOrDefault(address, label), key -> new ArrayList<>())
                .add(address)));
    Map<IpAddress, String> names = new LinkedHashMap<>(labels);
    names.putAll(podNames);
    List<Target> ofEndpoints = named(endpointTargets);
    return new ServiceRecords(
        service,
        addresses,
        named,
        names,
        service.headless() ? ofEndpoints : targets,
        ofEndpoints,
        podNames);
  }

  private List<Target> named(List<Target> all) {
    return all.stream()
        .map(each ->
            new Target(
                each.portName(),
                each.protocol(),
                each.port(),
                podNames.getOrDefault(each.address(), each.endpoint()),
                each.address()))
        .toList();
  }

  /** The same with no endpoint known. */
  ServiceRecords withoutEndpoints() {
    return new ServiceRecords(
        service,
        service.headless() ? List.of() : addresses,
        Map.of(),
        Map.of(),
        service.headless() ? List.of() : targets,
        List.of(),
        Map.of());
  }

  private static Target target(
      String name, String protocol, int port, String label, IpAddress address) {
    return new Target(
        name.toLowerCase(Locale.ROOT), protocol.toLowerCase(Locale.ROOT), port, label, address);
  }

  /** The endpoint's hostname, else its address with dashes. */
  private static String label(EndpointSlice.Endpoint endpoint, IpAddress address) {
    String hostname = endpoint.hostname();
    return hostname != null && !hostname.isEmpty()
        ? hostname.toLowerCase(Locale.ROOT)
        : dashed(address);
  }

  private static String dashed(IpAddress address) {
    String dashed = address.toString().replace('.', '-').replace(':', '-');
    // A label cannot end with a dash, as that of fd00:: would.
    return dashed.endsWith("-") ? dashed + "0" : dashed;
  }

  boolean isExternal() {
    return service.type() == Service.Type.EXTERNAL_NAME;
  }

  /** Whether its name exists: a headless Service's does only while it has an endpoint. */
  boolean exists() {
    return !service.headless() || !addresses.isEmpty();
  }
}
