package io.podwire.controlplane.kind;

import static io.podwire.controlplane.kind.ModelReader.or;
import static io.podwire.controlplane.kind.ModelReader.orEmpty;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Service's manifest as a record (core/v1). */
final class ServiceReader {

  private static final String LOCAL = "Local";
  private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

  private ServiceReader() {}

  static Service read(io.fabric8.kubernetes.api.model.Service service) {
    ServiceSpec spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
    List<String> addresses =
        spec.getClusterIPs().isEmpty() && spec.getClusterIP() != null
            ? List.of(spec.getClusterIP())
            : spec.getClusterIPs();
    boolean headless = addresses.contains(ServiceRules.NONE);
    List<IpAddress> clusterIps = headless ? List.of() : ModelReader.addresses(addresses);
    return new Service(
        ModelReader.name(service.getMetadata()),
        type(spec.getType()),
        headless,
        clusterIps,
        spec.getPorts().stream().map(ServiceReader::port).toList(),
        orEmpty(spec.getSelector()),
        or(spec.getExternalName(), ""),
        Boolean.TRUE.equals(spec.getPublishNotReadyAddresses()),
        new Service.Traffic(
            ModelReader.addresses(spec.getExternalIPs()),
            affinitySeconds(spec),
            LOCAL.equals(spec.getInternalTrafficPolicy()),
            LOCAL.equals(spec.getExternalTrafficPolicy()),
            or(spec.getHealthCheckNodePort(), 0),
            distribution(
                spec.getTrafficDistribution(),
                orEmpty(service.getMetadata().getAnnotations()).get(TopologyRules.MODE)),
            loadBalancer(service, spec)),
        families(spec.getIpFamilies(), clusterIps),
        orEmpty(service.getMetadata().getLabels()));
  }

  private static List<Service.Family> families(List<String> given, List<IpAddress> clusterIps) {
    return given.isEmpty()
        ? clusterIps.stream().map(Service.Family::of).distinct().toList()
        : given.stream()
            .map(text -> text.equals("IPv6") ? Service.Family.IPV6 : Service.Family.IPV4)
            .distinct()
            .toList();
  }

  private static Service.Type type(@Nullable String text) {
    return switch (or(text, "ClusterIP")) {
      case "NodePort" -> Service.Type.NODE_PORT;
      case "LoadBalancer" -> Service.Type.LOAD_BALANCER;
      case "ExternalName" -> Service.Type.EXTERNAL_NAME;
      default -> Service.Type.CLUSTER_IP;
    };
  }

  private static Service.Port port(ServicePort port) {
    int number = or(port.getPort(), 0);
    IntOrString target = port.getTargetPort();
    return new Service.Port(
        or(port.getName(), ""),
        ModelReader.protocol(port.getProtocol()),
        number,
        target == null ? new PortRef.Number(number) : ModelReader.portRef(target),
        or(port.getNodePort(), 0));
  }

  private static int affinitySeconds(ServiceSpec spec) {
    if (!"ClientIP".equals(spec.getSessionAffinity())) {
      return 0;
    }
    var config = spec.getSessionAffinityConfig();
    return config == null || config.getClientIP() == null
        ? DEFAULT_AFFINITY_SECONDS
        : or(config.getClientIP().getTimeoutSeconds(), DEFAULT_AFFINITY_SECONDS);
  }

  /** The annotation wins over the field, as the EndpointSlice controller has it. */
  private static Service.Distribution distribution(
      @Nullable String field, @Nullable String annotation) {
    if (TopologyRules.isAuto(annotation)) {
      return Service.Distribution.PROPORTIONAL;
    }
    return switch (or(field, "")) {
      case TopologyRules.PREFER_CLOSE, TopologyRules.PREFER_SAME_ZONE ->
          Service.Distribution.SAME_ZONE;
      case TopologyRules.PREFER_SAME_NODE -> Service.Distribution.SAME_NODE;
      default -> Service.Distribution.EVERYWHERE;
    };
  }

  private static Service.LoadBalancer loadBalancer(
      io.fabric8.kubernetes.api.model.Service service, ServiceSpec spec) {
    if (!"LoadBalancer".equals(spec.getType())) {
      return Service.LoadBalancer.NONE;
    }
    var status = service.getStatus() == null ? null : service.getStatus().getLoadBalancer();
    List<LoadBalancerIngress> ingress = status == null ? List.of() : status.getIngress();
    return new Service.LoadBalancer(
        or(spec.getLoadBalancerClass(), ""),
        IpAddress.tryParse(or(spec.getLoadBalancerIP(), "")).orElse(null),
        ModelReader.addresses(
            ingress.stream()
                // With ipMode Proxy connections come from the load balancer, by a node port.
                .filter(each -> !"Proxy".equals(each.getIpMode()) && each.getIp() != null)
                .map(LoadBalancerIngress::getIp)
                .toList()),
        sourceRanges(spec, orEmpty(service.getMetadata().getAnnotations())));
  }

  private static List<Cidr> sourceRanges(ServiceSpec spec, Map<String, String> annotations) {
    List<String> ranges = spec.getLoadBalancerSourceRanges();
    if (ranges.isEmpty()) {
      String text = annotations.getOrDefault(LoadBalancerRules.SOURCE_RANGES, "").strip();
      ranges = text.isEmpty() ? List.of() : List.of(text.split(","));
    }
    return ranges.stream()
        .map(range -> LoadBalancerRules.range(range.strip()))
        .flatMap(Optional::stream)
        .toList();
  }
}
