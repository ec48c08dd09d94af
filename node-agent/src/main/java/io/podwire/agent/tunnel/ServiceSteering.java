package io.podwire.agent.tunnel;

import io.podwire.linux.Netlink;
import io.podwire.linux.RoutingRule;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Policy routing that brings what clients outside of the cluster, and the node's own programs, send
 * to Services into the gateway: node ports, load balancers' addresses, external addresses.
 *
 * <p>What belongs to no Service comes back from the gateway by {@link KernelAttachment#LINK}, which
 * no rule names, and goes where it would have gone. Blocking; thread-safe.
 */
public final class ServiceSteering {

  private static final int OWN_PORT_PRIORITY = 11;
  private static final int NODE_PORT_PRIORITY = 12;
  private static final int POOL_PRIORITY = 13;
  private static final int ADDRESS_PRIORITY = 14;
  private static final int LOCAL_TABLE = 255;

  /** The link that the kernel gives to what programs of this namespace send. */
  private static final String OWN = "lo";

  private final Cidr node;
  private final List<String> links;

  private ServiceSteering(IpAddress node, String nodeLink) {
    this.node = Cidr.host(node);
    this.links = List.of(nodeLink, OWN);
  }

  /**
   * Steers what is known from the start.
   *
   * @param nodeLink where traffic from outside arrives
   * @param pool the load balancers' addresses
   */
  public static ServiceSteering begin(
      IpAddress node, String nodeLink, int firstNodePort, int lastNodePort, List<Cidr> pool) {
    ServiceSteering steering = new ServiceSteering(node, nodeLink);
    List<RoutingRule> ports = new ArrayList<>();
    List<RoutingRule> addresses = new ArrayList<>();
    for (String link : steering.links) {
      for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.UDP}) {
        ports.add(
            RoutingRule.to(steering.node, NODE_PORT_PRIORITY, KernelAttachment.STEERING_TABLE)
                .arriving(link)
                .ports(protocol, firstNodePort, lastNodePort));
      }
      for (Cidr range : pool) {
        if (range.isIpv4()) {
          addresses.add(
              RoutingRule.to(range, POOL_PRIORITY, KernelAttachment.STEERING_TABLE).arriving(link));
        }
      }
    }
    steering.replace(NODE_PORT_PRIORITY, ports);
    steering.replace(POOL_PRIORITY, addresses);
    return steering;
  }

  /**
   * Steers these addresses, protocols and ports too, and no others any more.
   *
   * @param ownPorts TCP ports among the node ports at which the node itself serves
   */
  public void steer(Set<ServiceTable.Key> frontends, Set<Integer> ownPorts) {
    replace(
        OWN_PORT_PRIORITY,
        ownPorts.stream()
            .map(port ->
                RoutingRule.to(node, OWN_PORT_PRIORITY, LOCAL_TABLE)
                    .ports(IpProtocol.TCP, port, port))
            .toList());
    List<RoutingRule> rules = new ArrayList<>();
    for (ServiceTable.Key frontend : frontends) {
      if (frontend.address().isIpv4()) {
        for (String link : links) {
          rules.add(
              RoutingRule.to(
                      Cidr.host(frontend.address()),
                      ADDRESS_PRIORITY,
                      KernelAttachment.STEERING_TABLE)
                  .arriving(link)
                  .ports(frontend.protocol(), frontend.port(), frontend.port()));
        }
      }
    }
    replace(ADDRESS_PRIORITY, rules);
  }

  private void replace(int priority, List<RoutingRule> wanted) {
    try (Netlink netlink = Netlink.open()) {
      Set<RoutingRule> present = new HashSet<>();
      netlink.rules().list().stream()
          .filter(rule -> rule.priority() == priority)
          .forEach(present::add);
      wanted.stream().filter(rule -> !present.remove(rule)).forEach(netlink.rules()::add);
      present.forEach(netlink.rules()::delete);
    }
  }
}
