package io.podwire.netstack.service;

import io.podwire.netstack.link.AddressKey;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A port of a Service at one of its addresses, in the table: what it leads to now.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class ServicePort extends AddressKey {

  private final ServiceTable.Key key;
  private VirtualService service;
  private List<ServiceEndpoint> endpoints = List.of();
  private List<ServiceEndpoint> local = List.of();
  private @Nullable Object plan;

  ServicePort(ServiceTable.Key key, int tag, VirtualService service) {
    super(key.address().high(), key.address().low(), tag);
    this.key = key;
    this.service = service;
    replace(service);
  }

  public ServiceTable.Key key() {
    return key;
  }

  public VirtualService service() {
    return service;
  }

  /** Those of the traffic policy Cluster. */
  public List<ServiceEndpoint> endpoints() {
    return endpoints;
  }

  /** Those of the traffic policy Local. */
  public List<ServiceEndpoint> local() {
    return local;
  }

  /** What the node's proxy keeps of this port; null until it has put something there. */
  public @Nullable Object plan() {
    return plan;
  }

  /** For the node's proxy alone. */
  public void plan(@Nullable Object plan) {
    this.plan = plan;
  }

  private record Place(IpAddress address, int port) {
    static Place of(Backend backend) {
      return new Place(backend.address(), backend.port());
    }
  }

  void replace(VirtualService next) {
    Map<Place, ServiceEndpoint> before = new HashMap<>();
    endpoints.forEach(endpoint -> before.put(Place.of(endpoint.backend()), endpoint));
    local.forEach(endpoint -> before.put(Place.of(endpoint.backend()), endpoint));
    Map<Place, ServiceEndpoint> after = new HashMap<>();
    service = next;
    endpoints = endpoints(next.backends(), before, after);
    local = endpoints(next.localBackends(), before, after);
    before.keySet().removeAll(after.keySet());
    before.values().forEach(ServiceEndpoint::withdraw);
  }

  private static List<ServiceEndpoint> endpoints(
      List<Backend> backends,
      Map<Place, ServiceEndpoint> before,
      Map<Place, ServiceEndpoint> after) {
    List<ServiceEndpoint> endpoints = new ArrayList<>(backends.size());
    for (Backend backend : backends) {
      Place place = Place.of(backend);
      ServiceEndpoint endpoint = after.get(place);
      if (endpoint == null) {
        endpoint = before.getOrDefault(place, new ServiceEndpoint(backend));
        endpoint.reweigh(backend);
        after.put(place, endpoint);
      }
      endpoints.add(endpoint);
    }
    return List.copyOf(endpoints);
  }

  /** The endpoint of this port that is where another one's backend is, or null. */
  public @Nullable ServiceEndpoint endpoint(Backend backend) {
    ServiceEndpoint found = in(endpoints, backend);
    return found == null ? in(local, backend) : found;
  }

  /** The endpoint among these that is where a backend is, or null. */
  public static @Nullable ServiceEndpoint in(List<ServiceEndpoint> endpoints, Backend backend) {
    for (int i = 0; i < endpoints.size(); i++) {
      if (endpoints.get(i).isAt(backend.address(), backend.port())) {
        return endpoints.get(i);
      }
    }
    return null;
  }

  /** The Service is gone; connections may still refer to its endpoints. */
  void withdraw() {
    endpoints.forEach(ServiceEndpoint::withdraw);
    local.forEach(ServiceEndpoint::withdraw);
  }
}
