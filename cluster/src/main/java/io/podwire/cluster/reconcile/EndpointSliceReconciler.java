package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The EndpointSlices of a Service that has a selector: an endpoint for each matching Pod that has
 * an address and may still run.
 *
 * <p>Pods that resolve a named target port differently are in different slices. Stateless and
 * thread-safe.
 */
public final class EndpointSliceReconciler {

  /** Kubernetes' default for the most endpoints of a slice. */
  public static final int MAX_ENDPOINTS = 100;

  private EndpointSliceReconciler() {}

  /** Whether the slices of this Service are made here and not written by hand. */
  public static boolean isManaged(Service service) {
    return service.type() != Service.Type.EXTERNAL_NAME && !service.selector().isEmpty();
  }

  /**
   * The slices that should exist, in the order of their names. There is always at least one, so
   * that a Service without endpoints is told apart from one that nobody has looked at yet.
   *
   * @param pods at least the Pods of the Service's namespace
   * @param nodes a Pod of one that is not Ready is not serving
   * @param existing the slices made here before, whose endpoints stay where they are
   * @param nameTaken whether a slice of this name was written by hand
   */
  public static List<EndpointSlice> desired(
      Service service,
      Collection<Pod> pods,
      NodePlaces nodes,
      Collection<EndpointSlice> existing,
      Predicate<String> nameTaken) {
    Map<SliceShape, List<EndpointSlice.Endpoint>> groups =
        new TreeMap<>(Comparator.comparing(SliceShape::text));
    pods.stream()
        .filter(pod -> belongs(pod, service))
        .sorted(Comparator.comparing(Pod::key))
        .forEach(pod -> add(pod, service, nodes, groups));
    if (groups.isEmpty()) {
      groups.put(new SliceShape(isIpv4(service), List.of()), List.of());
    }
    List<EndpointSlice> slices = new SlicePacking(service.key(), existing, nameTaken).pack(groups);
    return TopologyHints.hint(service, slices, nodes);
  }

  private static boolean belongs(Pod pod, Service service) {
    return pod.key().namespace().equals(service.key().namespace())
        && pod.labels().entrySet().containsAll(service.selector().entrySet())
        && !pod.podIps().isEmpty()
        && !pod.phase().isFinal();
  }

  private static void add(
      Pod pod,
      Service service,
      NodePlaces nodes,
      Map<SliceShape, List<EndpointSlice.Endpoint>> groups) {
    List<EndpointSlice.Port> ports = ports(pod, service);
    for (IpAddress address : pod.podIps()) {
      if (service.isOfItsFamilies(address)) {
        groups
            .computeIfAbsent(new SliceShape(address.isIpv4(), ports), shape -> new ArrayList<>())
            .add(endpoint(pod, service, nodes, address));
      }
    }
  }

  private static EndpointSlice.Endpoint endpoint(
      Pod pod, Service service, NodePlaces nodes, IpAddress address) {
    String node = pod.nodeName();
    boolean serving = pod.ready() && node != null && nodes.ready().contains(node);
    // Published is also who terminates, as in Kubernetes: that is the one ready endpoint that does.
    boolean ready = service.publishNotReadyAddresses() || serving && !pod.terminating();
    String hostname = pod.spec().hostname();
    boolean named = hostname != null && service.key().name().equals(pod.spec().subdomain());
    return new EndpointSlice.Endpoint(
        List.of(address),
        ready,
        serving,
        pod.terminating(),
        named ? hostname : null,
        node,
        pod.key().name(),
        EndpointSlice.Topology.in(node == null ? "" : nodes.zones().getOrDefault(node, "")));
  }

  private static List<EndpointSlice.Port> ports(Pod pod, Service service) {
    List<EndpointSlice.Port> ports = new ArrayList<>();
    for (Service.Port port : service.ports()) {
      resolve(port, pod)
          .ifPresent(
              number -> ports.add(new EndpointSlice.Port(port.name(), port.protocol(), number)));
    }
    return ports;
  }

  private static OptionalInt resolve(Service.Port port, Pod pod) {
    if (port.targetPort() instanceof PortRef.Number number) {
      return OptionalInt.of(number.port());
    }
    String name = port.targetPort().toString();
    return pod.spec().containers().stream()
        .flatMap(container -> container.ports().stream())
        .filter(candidate -> candidate.name().equals(name))
        .filter(candidate -> candidate.protocol() == port.protocol())
        .mapToInt(Container.ContainerPort::port)
        .findFirst();
  }

  private static boolean isIpv4(Service service) {
    return service.families().isEmpty() || service.families().get(0) == Service.Family.IPV4;
  }
}
