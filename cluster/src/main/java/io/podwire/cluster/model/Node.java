package io.podwire.cluster.model;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes Node with its tunnel endpoint.
 *
 * @param address the node's InternalIP on the node network, also its VTEP's outer address; null
 *     until the agent has registered
 * @param vtepMac inner destination MAC of routed frames to this node; null where it must be
 *     resolved by ARP over the overlay
 * @param vxlanPort UDP port of the node's VTEP
 * @param agentPort TCP port of the agent's gRPC server (exec, logs); 0 where there is none
 * @param podCidrs none until allocated; at most one per family
 * @param proxy how this node balances, null for the cluster's way
 */
public record Node(
    String name,
    @Nullable IpAddress address,
    @Nullable MacAddress vtepMac,
    int vxlanPort,
    int agentPort,
    List<Cidr> podCidrs,
    boolean ready,
    boolean unschedulable,
    Map<String, String> labels,
    @Nullable ProxyChoice proxy)
    implements ModelObject {

  /** The label that names a node's zone. */
  public static final String ZONE_LABEL = "topology.kubernetes.io/zone";

  /** A node that balances as the cluster does. */
  public Node(
      String name,
      @Nullable IpAddress address,
      @Nullable MacAddress vtepMac,
      int vxlanPort,
      int agentPort,
      List<Cidr> podCidrs,
      boolean ready,
      boolean unschedulable,
      Map<String, String> labels) {
    this(
        name, address, vtepMac, vxlanPort, agentPort, podCidrs, ready, unschedulable, labels, null);
  }

  public Node {
    podCidrs = List.copyOf(podCidrs);
    labels = Map.copyOf(labels);
  }

  /** The node's zone, empty where it has none. */
  public String zone() {
    return labels.getOrDefault(ZONE_LABEL, "");
  }

  @Override
  public ObjectName key() {
    return ObjectName.clusterScoped(name);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.NODE;
  }
}
