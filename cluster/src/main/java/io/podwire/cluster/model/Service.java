package io.podwire.cluster.model;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes Service.
 *
 * @param headless whether {@code clusterIP} is {@code None}
 * @param clusterIps none for headless and ExternalName Services and until allocated
 * @param externalName empty unless the type is EXTERNAL_NAME
 * @param selector empty where endpoints are written by hand
 * @param traffic where else it is reached, and which endpoints take what comes
 * @param families of its ClusterIPs and endpoints, the primary one first; none for every family
 * @param labels its own, by which DNS may be told to show it
 */
public record Service(
    ObjectName key,
    Type type,
    boolean headless,
    List<IpAddress> clusterIps,
    List<Port> ports,
    Map<String, String> selector,
    String externalName,
    boolean publishNotReadyAddresses,
    Traffic traffic,
    List<Family> families,
    Map<String, String> labels)
    implements ModelObject {

  /** A Service of the families that its ClusterIPs have, without labels. */
  public Service(
      ObjectName key,
      Type type,
      boolean headless,
      List<IpAddress> clusterIps,
      List<Port> ports,
      Map<String, String> selector,
      String externalName,
      boolean publishNotReadyAddresses,
      Traffic traffic) {
    this(
        key,
        type,
        headless,
        clusterIps,
        ports,
        selector,
        externalName,
        publishNotReadyAddresses,
        traffic,
        clusterIps.stream().map(Family::of).distinct().toList(),
        Map.of());
  }

  /** A Service that is reached at its ClusterIP alone, with Kubernetes' defaults. */
  public Service(
      ObjectName key,
      Type type,
      boolean headless,
      List<IpAddress> clusterIps,
      List<Port> ports,
      Map<String, String> selector,
      String externalName,
      boolean publishNotReadyAddresses) {
    this(
        key,
        type,
        headless,
        clusterIps,
        ports,
        selector,
        externalName,
        publishNotReadyAddresses,
        Traffic.DEFAULT);
  }

  public Service {
    clusterIps = List.copyOf(clusterIps);
    ports = List.copyOf(ports);
    selector = Map.copyOf(selector);
    families = List.copyOf(families);
    labels = Map.copyOf(labels);
  }

  /** Whether it is to have endpoints with addresses like this. */
  public boolean isOfItsFamilies(IpAddress address) {
    return families.isEmpty() || families.contains(Family.of(address));
  }

  @Override
  public ModelKind kind() {
    return ModelKind.SERVICE;
  }

  /** Whether clients outside of the cluster are meant to reach it, by whatever address. */
  public boolean isExternallyReachable() {
    return type == Type.NODE_PORT
        || type == Type.LOAD_BALANCER
        || (type == Type.CLUSTER_IP && !traffic.externalIps().isEmpty());
  }

  /** One of {@code spec.ipFamilies}. */
  public enum Family {
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String text;

    Family(String text) {
      this.text = text;
    }

    public static Family of(IpAddress address) {
      return address.isIpv4() ? IPV4 : IPV6;
    }

    /** As manifests write it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** {@code spec.type}. */
  public enum Type {
    CLUSTER_IP,
    NODE_PORT,
    LOAD_BALANCER,
    EXTERNAL_NAME
  }

  /**
   * A port of the Service.
   *
   * @param name empty where the only port has none
   * @param nodePort 0 where there is none
   */
  public record Port(String name, Protocol protocol, int port, PortRef targetPort, int nodePort) {}

  /**
   * How traffic reaches a Service and is spread over its endpoints.
   *
   * @param affinitySeconds of session affinity by client address, 0 without
   * @param localInternally whether the internal traffic policy is Local
   * @param localExternally whether the external traffic policy is Local
   * @param healthCheckNodePort 0 where there is none
   * @param distribution which endpoints are preferred where several are near
   */
  public record Traffic(
      List<IpAddress> externalIps,
      int affinitySeconds,
      boolean localInternally,
      boolean localExternally,
      int healthCheckNodePort,
      Distribution distribution,
      LoadBalancer loadBalancer) {

    /** All endpoints alike, and no address but the ClusterIPs. */
    public static final Traffic DEFAULT =
        new Traffic(List.of(), 0, false, false, 0, Distribution.EVERYWHERE, LoadBalancer.NONE);

    public Traffic {
      externalIps = List.copyOf(externalIps);
    }
  }

  /** What hints the endpoints get ({@code spec.trafficDistribution} or topology-mode). */
  public enum Distribution {
    /** No hints. */
    EVERYWHERE,
    /** PreferSameZone, and PreferClose, its older name. */
    SAME_ZONE,
    SAME_NODE,
    /** The annotation {@code service.kubernetes.io/topology-mode: Auto}. */
    PROPORTIONAL
  }

  /**
   * The part of a Service of type LoadBalancer.
   *
   * @param loadBalancerClass empty for the cluster's own
   * @param wish {@code spec.loadBalancerIP}, or null
   * @param addresses {@code status.loadBalancer.ingress}
   * @param sourceRanges none: every client
   */
  public record LoadBalancer(
      String loadBalancerClass,
      @Nullable IpAddress wish,
      List<IpAddress> addresses,
      List<Cidr> sourceRanges) {

    /** Without addresses, as of another type. */
    public static final LoadBalancer NONE = new LoadBalancer("", null, List.of(), List.of());

    public LoadBalancer {
      addresses = List.copyOf(addresses);
      sourceRanges = List.copyOf(sourceRanges);
    }
  }
}
