package io.podwire.agent.tunnel;

import io.podwire.linux.Netlink;
import io.podwire.linux.Route;
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
 * Policy routing of one address family that brings what clients outside of the cluster, and the
 * node's own programs, send to Services into the gateway: node ports, load balancers' addresses,
 * external addresses.
 *
 * <p>Rules by port see no fragments, whose ports the kernel does not look at. So datagrams from
 * outside to the node and to external addresses are told apart the other way round: those that have
 * a port go where they would have gone, the rest are fragments, and the gateway knows their ports.
 *
 * <p>What is for the node and belongs to no Service comes back from the gateway by {@link
 * KernelAttachment#LINK}, which no rule names. Blocking; thread-safe.
 */
public final class ServiceSteering {

  private static final int OWN_PORT_PRIORITY = 11;
  private static final int NODE_PORT_PRIORITY = 12;
  private static final int POOL_PRIORITY = 13;
  private static final int ADDRESS_PRIORITY = 14;
  private static final int WITH_PORT_PRIORITY = 15;
  private static final int FRAGMENT_PRIORITY = 16;
  private static final int LOCAL_TABLE = 255;

  /** Where the kernel looks without any rule of ours. */
  private static final int[] TABLES = {LOCAL_TABLE, Route.MAIN};

  /** The kernel's rules take no range that ends with 65535; the gateway gives that port back. */
  private static final int LAST_PORT = 65_534;

  /** The kernel asks one rule after the other for every packet, so there may not be many. */
  static final int MOST_RANGES = 64;

  /** The link that the kernel gives to what programs of this namespace send. */
  private static final String OWN = "lo";

  private final IpAddress node;
  private final String nodeLink;
  private final List<String> links;

  private ServiceSteering(IpAddress node, String nodeLink) {
    this.node = node;
    this.nodeLink = nodeLink;
    this.links = List.of(nodeLink, OWN);
  }

  /**
   * Steers what is known from the start.
   *
   * @param node the node's address of this family
   * @param nodeLink where traffic from outside arrives
   * @param pool the load balancers' addresses of this family
   */
  public static ServiceSteering begin(IpAddress node, String nodeLink, List<Cidr> pool) {
    ServiceSteering steering = new ServiceSteering(node, nodeLink);
    List<RoutingRule> addresses = new ArrayList<>();
    for (String link : steering.links) {
      for (Cidr range : pool) {
        addresses.add(steered(range, POOL_PRIORITY, link));
      }
    }
    steering.replace(POOL_PRIORITY, addresses);
    return steering;
  }

  /**
   * Steers these addresses, protocols and ports too, and no others any more.
   *
   * @param frontends those of another family are left out
   * @param ownPorts TCP ports among the node ports at which the node itself serves
   */
  public void steer(Set<ServiceTable.Key> frontends, Set<Integer> ownPorts) {
    replace(
        OWN_PORT_PRIORITY,
        ownPorts.stream()
            .map(port ->
                RoutingRule.to(Cidr.host(node), OWN_PORT_PRIORITY, LOCAL_TABLE)
                    .ports(IpProtocol.TCP, port, port))
            .toList());
    replace(NODE_PORT_PRIORITY, nodePorts(frontends));
    List<RoutingRule> rules = new ArrayList<>();
    Set<IpAddress> datagrams = new HashSet<>(Set.of(node));
    for (ServiceTable.Key frontend : frontends) {
      IpAddress address = frontend.address();
      if (address.isIpv4() == node.isIpv4() && !address.equals(node)) {
        for (String link : links) {
          rules.add(
              steered(Cidr.host(address), ADDRESS_PRIORITY, link)
                  .ports(frontend.protocol(), frontend.port(), frontend.port()));
        }
        if (frontend.protocol() == IpProtocol.UDP) {
          datagrams.add(address);
        }
      }
    }
    replace(ADDRESS_PRIORITY, rules);
    steerFragments(datagrams);
  }

  private List<RoutingRule> nodePorts(Set<ServiceTable.Key> frontends) {
    List<RoutingRule> rules = new ArrayList<>();
    for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.UDP}) {
      List<Integer> ports =
          frontends.stream()
              .filter(key -> key.address().equals(node) && key.protocol() == protocol)
              .map(ServiceTable.Key::port)
              .toList();
      for (PortRange range : PortRange.covering(ports, MOST_RANGES)) {
        for (String link : links) {
          rules.add(
              steered(Cidr.host(node), NODE_PORT_PRIORITY, link)
                  .ports(protocol, range.first(), range.last()));
        }
      }
    }
    return rules;
  }

  /** The node's own programs need none of this: they are routed before they are fragmented. */
  private void steerFragments(Set<IpAddress> addresses) {
    List<RoutingRule> withPort = new ArrayList<>();
    List<RoutingRule> fragments = new ArrayList<>();
    for (IpAddress address : addresses) {
      Cidr host = Cidr.host(address);
      // What is in neither table falls through to the next rule, and is refused by the gateway.
      for (int table : TABLES) {
        withPort.add(
            RoutingRule.to(host, WITH_PORT_PRIORITY, table)
                .arriving(nodeLink)
                .ports(IpProtocol.UDP, 1, LAST_PORT));
      }
      fragments.add(steered(host, FRAGMENT_PRIORITY, nodeLink).ports(IpProtocol.UDP, 0, 0));
    }
    // At no time is there a rule for the rest without those for what has a port.
    Set<RoutingRule> obsolete = add(WITH_PORT_PRIORITY, withPort);
    replace(FRAGMENT_PRIORITY, fragments);
    delete(obsolete);
  }

  private static RoutingRule steered(Cidr to, int priority, String link) {
    return RoutingRule.to(to, priority, KernelAttachment.STEERING_TABLE).arriving(link);
  }

  private void replace(int priority, List<RoutingRule> wanted) {
    delete(add(priority, wanted));
  }

  /** Adds what is missing, and gives those of this priority that are not wanted. */
  private Set<RoutingRule> add(int priority, List<RoutingRule> wanted) {
    try (Netlink netlink = Netlink.open()) {
      Set<RoutingRule> present = new HashSet<>();
      netlink.rules().list(node.isIpv4()).stream()
          .filter(rule -> rule.priority() == priority)
          .forEach(present::add);
      wanted.stream().filter(rule -> !present.remove(rule)).forEach(netlink.rules()::add);
      return present;
    }
  }

  private static void delete(Set<RoutingRule> rules) {
    if (!rules.isEmpty()) {
      try (Netlink netlink = Netlink.open()) {
        rules.forEach(netlink.rules()::delete);
      }
    }
  }
}
