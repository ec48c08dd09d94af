package io.podwire.netstack.gateway;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;

/**
 * A node's place in the cluster.
 *
 * @param gateway first address of the node's Pod CIDR: the Pods' default gateway
 * @param node the node's address on the node network
 * @param podCidr the node's own Pods
 * @param podCidrs all Pods of the cluster; traffic among them is never source-translated
 * @param serviceCidrs the Service networks
 * @param gatewayMac the gateway on the bridge and towards the node's kernel
 * @param vtepMac the gateway on the tunnel
 * @param kernelMac the device through which the node's kernel is attached
 * @param podMtu of Pods and of the tunnel's inner packets: the node network's MTU less 50
 * @param nodeMtu of the node network
 * @param firstEgressPort source ports of Pods' connections that leave the cluster
 * @param lastEgressPort inclusive; the kernel must not use this range itself
 */
public record GatewayConfig(
    IpAddress gateway,
    IpAddress node,
    Cidr podCidr,
    List<Cidr> podCidrs,
    List<Cidr> serviceCidrs,
    MacAddress gatewayMac,
    MacAddress vtepMac,
    MacAddress kernelMac,
    int podMtu,
    int nodeMtu,
    int firstEgressPort,
    int lastEgressPort) {

  /** What every link of IPv4 must carry (RFC 791, section 3.2). */
  private static final int MIN_MTU = 68;

  public GatewayConfig {
    requireMtu("podMtu", podMtu);
    requireMtu("nodeMtu", nodeMtu);
    if (firstEgressPort < 1 || lastEgressPort > 65_535 || firstEgressPort > lastEgressPort) {
      throw new IllegalArgumentException(
          "egress ports must be a range within 1-65535, got "
              + firstEgressPort
              + "-"
              + lastEgressPort);
    }
    podCidrs = List.copyOf(podCidrs);
    serviceCidrs = List.copyOf(serviceCidrs);
  }

  private static void requireMtu(String name, int octets) {
    if (octets < MIN_MTU) {
      throw new IllegalArgumentException(name + " must be at least " + MIN_MTU + ", got " + octets);
    }
  }
}
