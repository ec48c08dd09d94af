package io.podwire.agent.boot;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;

/**
 * A node's addresses, all derived from its address and its Pod CIDR, so that a restarted agent has
 * the same ones and no peer has to learn anything.
 */
final class GatewayPlan {

  /** Outer IPv4 and UDP headers, VXLAN header and inner Ethernet header. */
  private static final int VXLAN_OVERHEAD = 50;

  /** How much longer than IPv4's the outer header of IPv6 is. */
  private static final int IPV6_EXCESS = 20;

  /** Above the range in which Linux chooses the ports of the node's own connections. */
  private static final int FIRST_EGRESS_PORT = 61_000;

  /** The kernel's policy rules take no range that ends with 65535. */
  private static final int LAST_EGRESS_PORT = 65_534;

  private static final long VTEP_PREFIX = 0x0a5b_0000_0000L;
  private static final long KERNEL_PREFIX = 0x0a59_0000_0000L;

  private GatewayPlan() {}

  /**
   * A node's place in the cluster.
   *
   * @param podCidrs the node's own, the primary family's first
   * @param addresses on the node network: first that of the tunnel, at most one per family
   */
  static GatewayConfig of(
      ClusterConfig cluster, List<Cidr> podCidrs, List<IpAddress> addresses, int nodeMtu) {
    List<GatewayConfig.Family> families =
        podCidrs.stream().map(podCidr -> family(podCidr, addresses)).toList();
    IpAddress gateway = families.getFirst().gateway();
    IpAddress node = addresses.getFirst();
    return new GatewayConfig(
        families,
        inUse(cluster.podCidrs(), families),
        inUse(cluster.serviceCidrs(), families),
        MacAddress.of(gateway),
        vtepMac(node),
        locallyAdministered(KERNEL_PREFIX, gateway),
        podMtu(node, nodeMtu),
        nodeMtu,
        FIRST_EGRESS_PORT,
        LAST_EGRESS_PORT);
  }

  private static GatewayConfig.Family family(Cidr podCidr, List<IpAddress> addresses) {
    IpAddress node =
        addresses.stream()
            .filter(address -> address.isIpv4() == podCidr.isIpv4())
            .findFirst()
            .orElse(null);
    return new GatewayConfig.Family(podCidr.address(1), node, podCidr);
  }

  private static List<Cidr> inUse(List<Cidr> cidrs, List<GatewayConfig.Family> families) {
    return cidrs.stream()
        .filter(cidr -> families.stream().anyMatch(family -> family.isIpv4() == cidr.isIpv4()))
        .toList();
  }

  /** The largest packet that Pods may send over a tunnel between addresses like this. */
  static int podMtu(IpAddress node, int nodeMtu) {
    return nodeMtu - VXLAN_OVERHEAD - (node.isIpv4() ? 0 : IPV6_EXCESS);
  }

  /** Known before the Pod CIDR is, since the node is registered with it. */
  static MacAddress vtepMac(IpAddress node) {
    return locallyAdministered(VTEP_PREFIX, node);
  }

  private static MacAddress locallyAdministered(long prefix, IpAddress address) {
    return new MacAddress(prefix | address.low() & 0xffff_ffffL);
  }
}
