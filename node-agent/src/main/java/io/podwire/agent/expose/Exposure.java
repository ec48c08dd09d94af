package io.podwire.agent.expose;

import io.podwire.cluster.model.ObjectName;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.packet.addr.IpAddress;
import java.util.Map;
import java.util.Set;

/**
 * What a node is to do for clients outside of the cluster now.
 *
 * @param steered addresses with protocol and port that lead into the datapath: node ports, load
 *     balancers' and external ones
 * @param announced load balancers' addresses that this node answers for
 * @param healthChecks by port
 */
public record Exposure(
    Set<ServiceTable.Key> steered,
    Set<IpAddress> announced,
    Map<Integer, HealthCheck> healthChecks) {

  public static final Exposure NONE = new Exposure(Set.of(), Set.of(), Map.of());

  public Exposure {
    steered = Set.copyOf(steered);
    announced = Set.copyOf(announced);
    healthChecks = Map.copyOf(healthChecks);
  }

  /**
   * What a load balancer wants to know of a Service on this node.
   *
   * @param localEndpoints the ready ones here
   */
  public record HealthCheck(ObjectName service, int localEndpoints) {}
}
