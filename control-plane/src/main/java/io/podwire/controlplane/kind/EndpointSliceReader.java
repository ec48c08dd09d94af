package io.podwire.controlplane.kind;

import static io.podwire.controlplane.kind.ModelReader.or;
import static io.podwire.controlplane.kind.ModelReader.orEmpty;
import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.ForNode;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import io.podwire.cluster.model.EndpointSlice;

/** An EndpointSlice's manifest as a record (discovery.k8s.io/v1). */
final class EndpointSliceReader {

  private EndpointSliceReader() {}

  static EndpointSlice read(io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice slice) {
    return new EndpointSlice(
        ModelReader.name(slice.getMetadata()),
        orEmpty(slice.getMetadata().getLabels()).getOrDefault(ModelReader.SERVICE_NAME_LABEL, ""),
        orEmpty(slice.getPorts()).stream()
            .filter(port -> port.getPort() != null)
            .map(port ->
                new EndpointSlice.Port(
                    or(port.getName(), ""),
                    ModelReader.protocol(port.getProtocol()),
                    port.getPort()))
            .toList(),
        orEmpty(slice.getEndpoints()).stream().map(EndpointSliceReader::endpoint).toList());
  }

  private static EndpointSlice.Endpoint endpoint(Endpoint endpoint) {
    EndpointConditions conditions =
        or(endpoint.getConditions(), new EndpointConditions(null, null, null));
    // As kube-proxy reads them: what nobody has said of an endpoint is taken as good.
    boolean ready = or(conditions.getReady(), true);
    boolean serving = or(conditions.getServing(), true);
    boolean terminating = Boolean.TRUE.equals(conditions.getTerminating());
    ObjectReference target = endpoint.getTargetRef();
    return new EndpointSlice.Endpoint(
        ModelReader.addresses(orEmpty(endpoint.getAddresses())),
        ready,
        serving,
        terminating,
        endpoint.getHostname(),
        endpoint.getNodeName(),
        target != null && "Pod".equals(target.getKind()) ? target.getName() : null,
        topology(endpoint));
  }

  private static EndpointSlice.Topology topology(Endpoint endpoint) {
    EndpointHints hints = endpoint.getHints();
    String zone = or(endpoint.getZone(), "");
    return hints == null
        ? EndpointSlice.Topology.in(zone)
        : new EndpointSlice.Topology(
            zone,
            orEmpty(hints.getForZones()).stream().map(ForZone::getName).collect(toSet()),
            orEmpty(hints.getForNodes()).stream().map(ForNode::getName).collect(toSet()));
  }
}
