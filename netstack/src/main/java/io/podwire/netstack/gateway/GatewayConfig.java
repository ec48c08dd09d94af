package io.podwire.netstack.gateway;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node's place in the cluster.
 *
 * @param families what the node has of each address family in use, the primary one first
 * @param podCidrs all Pods of the cluster; traffic among them is never source-translated
 * @param serviceCidrs the Service networks
 * @param gatewayMac the gateway on the bridge and towards the node's kernel
 * @param vtepMac the gateway on the tunnel
 * @param kernelMac the device through which the node's kernel is attached
 * @param podMtu of Pods and of the tunnel's inner packets: the node network's MTU less 50, or 70
 *     where its addresses are IPv6
 * @param nodeMtu of the node network
 * @param firstEgressPort source ports of Pods' connections that leave the cluster
 * @param lastEgressPort inclusive; the kernel must not use this range itself
 */
public record GatewayConfig(
    List<Family> families,
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

  /** What every link of IPv6 must carry (RFC 8200, section 5). */
  private static final int MIN_IPV6_MTU = 1280;

  /**
   * A node's addresses of one family.
   *
   * @param gateway first address of the node's Pod CIDR: the Pods' default gateway
   * @param node the node's address on the node network; null where it has none of this family, and
   *     Pods nothing outside of the cluster
   * @param podCidr the node's own Pods
   */
  public record Family(IpAddress gateway, @Nullable IpAddress node, Cidr podCidr) {
    public Family {
      if (gateway.isIpv4() != podCidr.isIpv4()
          || node != null && node.isIpv4() != podCidr.isIpv4()) {
        throw new IllegalArgumentException(
            "gateway, node and podCidr must be of one family, got "
                + gateway
                + ", "
                + node
                + " and "
                + podCidr);
      }
    }

    public boolean isIpv4() {
      return podCidr.isIpv4();
    }
  }

  public GatewayConfig {
    families = List.copyOf(families);
    boolean hasIpv6 = families.stream().anyMatch(family -> !family.isIpv4());
    boolean hasIpv4 = families.stream().anyMatch(Family::isIpv4);
    if (families.size() != (hasIpv4 ? 1 : 0) + (hasIpv6 ? 1 : 0) || families.isEmpty()) {
      throw new IllegalArgumentException(
          "families must be one or two different ones, got " + families);
    }
    int least = hasIpv6 ? MIN_IPV6_MTU : MIN_MTU;
    requireMtu("podMtu", podMtu, least);
    requireMtu("nodeMtu", nodeMtu, least);
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

  /** A node of one family. */
  public GatewayConfig(
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
    this(
        List.of(new Family(gateway, node, podCidr)),
        podCidrs,
        serviceCidrs,
        gatewayMac,
        vtepMac,
        kernelMac,
        podMtu,
        nodeMtu,
        firstEgressPort,
        lastEgressPort);
  }

  private static void requireMtu(String name, int octets, int least) {
    if (octets < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", got " + octets);
    }
  }

  /** What the node has of IPv4, or else of IPv6; null where it has nothing. */
  public @Nullable Family family(boolean ipv4) {
    for (int i = 0; i < families.size(); i++) {
      if (families.get(i).isIpv4() == ipv4) {
        return families.get(i);
      }
    }
    return null;
  }

  /** The Pods' gateway of IPv4, or else of IPv6; null without that family. */
  public @Nullable IpAddress gateway(boolean ipv4) {
    Family family = family(ipv4);
    return family == null ? null : family.gateway();
  }

  /** The node's address of IPv4, or else of IPv6; null where it has none. */
  public @Nullable IpAddress node(boolean ipv4) {
    Family family = family(ipv4);
    return family == null ? null : family.node();
  }

  /** The node's addresses of the families in use, the primary one's first. */
  public List<IpAddress> nodes() {
    return families.stream()
        .map(Family::node)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  /** By which other nodes reach this one: the first that it has. */
  public IpAddress node() {
    return nodes().stream()
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a node without an address"));
  }

  /** The Pods' gateway of the primary family. */
  public IpAddress gateway() {
    return families.getFirst().gateway();
  }

  /** The node's own Pods of the primary family. */
  public Cidr podCidr() {
    return families.getFirst().podCidr();
  }
}
