package io.podwire.cluster.model;

import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A discovery.k8s.io/v1 EndpointSlice.
 *
 * @param serviceName the {@code kubernetes.io/service-name} label, in the same namespace
 */
public record EndpointSlice(
    ObjectName key, String serviceName, List<Port> ports, List<Endpoint> endpoints)
    implements ModelObject {

  public EndpointSlice {
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENDPOINT_SLICE;
  }

  /** A resolved port; {@code name} matches the Service port's name, empty for the unnamed one. */
  public record Port(String name, Protocol protocol, int port) {}

  /**
   * One backend.
   *
   * @param ready nil in the manifest counts as true; true while terminating only where the Service
   *     publishes addresses that are not ready
   * @param serving nil in the manifest counts as true
   * @param hostname the endpoint's DNS label, null where it has none
   * @param podName the target Pod, null for hand-written endpoints
   * @param topology its zone and its hints
   */
  public record Endpoint(
      List<IpAddress> addresses,
      boolean ready,
      boolean serving,
      boolean terminating,
      @Nullable String hostname,
      @Nullable String nodeName,
      @Nullable String podName,
      Topology topology) {

    public Endpoint {
      addresses = List.copyOf(addresses);
    }

    /** One that nothing is known of where it is. */
    public Endpoint(
        List<IpAddress> addresses,
        boolean ready,
        boolean serving,
        boolean terminating,
        @Nullable String hostname,
        @Nullable String nodeName,
        @Nullable String podName) {
      this(addresses, ready, serving, terminating, hostname, nodeName, podName, Topology.UNKNOWN);
    }

    /** The same with hints. */
    public Endpoint with(Topology next) {
      return new Endpoint(
          addresses, ready, serving, terminating, hostname, nodeName, podName, next);
    }
  }

  /**
   * Where an endpoint is, and for whom it is meant.
   *
   * @param zone its node's, empty where that has none
   * @param forZones {@code hints.forZones}
   * @param forNodes {@code hints.forNodes}
   */
  public record Topology(String zone, Set<String> forZones, Set<String> forNodes) {

    public static final Topology UNKNOWN = new Topology("", Set.of(), Set.of());

    public Topology {
      forZones = Set.copyOf(forZones);
      forNodes = Set.copyOf(forNodes);
    }

    /** In a zone, without hints. */
    public static Topology in(String zone) {
      return zone.isEmpty() ? UNKNOWN : new Topology(zone, Set.of(), Set.of());
    }
  }
}
