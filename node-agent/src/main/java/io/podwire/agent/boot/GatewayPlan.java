package io.podwire.agent.boot;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;

/**
 * A node's addresses, all derived from its address and its Pod CIDR, so that a restarted agent has
 * the same ones and no peer has to learn anything.
 */
final class GatewayPlan {

  /** Outer IPv4 and UDP headers, VXLAN header and inner Ethernet header. */
  static final int VXLAN_OVERHEAD = 50;

  /** Above the range in which Linux chooses the ports of the node's own connections. */
  private static final int FIRST_EGRESS_PORT = 61_000;

  /** The kernel's policy rules take no range that ends with 65535. */
  private static final int LAST_EGRESS_PORT = 65_534;

  private static final long VTEP_PREFIX = 0x0a5b_0000_0000L;
  private static final long KERNEL_PREFIX = 0x0a59_0000_0000L;

  private GatewayPlan() {}

  static GatewayConfig of(ClusterConfig cluster, Cidr podCidr, IpAddress node, int nodeMtu) {
    IpAddress gateway = podCidr.address(1);
    return new GatewayConfig(
        gateway,
        node,
        podCidr,
        cluster.podCidrs().stream().filter(Cidr::isIpv4).toList(),
        cluster.serviceCidrs().stream().filter(Cidr::isIpv4).toList(),
        MacAddress.of(gateway),
        vtepMac(node),
        locallyAdministered(KERNEL_PREFIX, gateway),
        nodeMtu - VXLAN_OVERHEAD,
        nodeMtu,
        FIRST_EGRESS_PORT,
        LAST_EGRESS_PORT);
  }

  /** Known before the Pod CIDR is, since the node is registered with it. */
  static MacAddress vtepMac(IpAddress node) {
    return locallyAdministered(VTEP_PREFIX, node);
  }

  private static MacAddress locallyAdministered(long prefix, IpAddress address) {
    return new MacAddress(prefix | address.low() & 0xffff_ffffL);
  }
}
