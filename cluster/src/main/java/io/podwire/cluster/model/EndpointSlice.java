package io.podwire.cluster.model;

import io.podwire.packet.addr.IpAddress;
import java.util.List;
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
   * @param ready nil in the manifest counts as true; never true while terminating
   * @param hostname the endpoint's DNS label, null where it has none
   * @param podName the target Pod, null for hand-written endpoints
   */
  public record Endpoint(
      List<IpAddress> addresses,
      boolean ready,
      boolean serving,
      boolean terminating,
      @Nullable String hostname,
      @Nullable String nodeName,
      @Nullable String podName) {

    public Endpoint {
      addresses = List.copyOf(addresses);
    }
  }
}
