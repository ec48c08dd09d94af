package io.podwire.cluster.model;

import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes Service.
 *
 * @param headless whether {@code clusterIP} is {@code None}
 * @param clusterIps none for headless and ExternalName Services and until allocated
 * @param externalName empty unless the type is EXTERNAL_NAME
 * @param selector empty where endpoints are written by hand
 */
public record Service(
    ObjectName key,
    Type type,
    boolean headless,
    List<IpAddress> clusterIps,
    List<Port> ports,
    Map<String, String> selector,
    String externalName,
    boolean publishNotReadyAddresses)
    implements ModelObject {

  public Service {
    clusterIps = List.copyOf(clusterIps);
    ports = List.copyOf(ports);
    selector = Map.copyOf(selector);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.SERVICE;
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
}
