package io.podwire.agent.tunnel;

import io.podwire.linux.Netlink;
import io.podwire.linux.Route;
import io.podwire.linux.RoutingRule;
import io.podwire.linux.Sysctl;
import io.podwire.linux.Tap;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;

/**
 * Attaches the node's kernel to the emulated gateway by a TAP: the node's own programs reach Pods
 * and Services, Pods reach the node, and what Pods send out of the cluster goes on through the
 * kernel.
 *
 * <p>Answers to the Pods' connections that left the cluster come to the node's address; policy
 * routing steers the port range that the gateway uses for them, and ICMP, back to the gateway.
 * Everything is idempotent: a restarted agent sets it again.
 */
public final class KernelAttachment implements AutoCloseable {

  /** The TAP's name in the node's network namespace. */
  public static final String LINK = "podwire0";

  /** Looked up for packets that belong to the gateway although they carry the node's address. */
  static final int STEERING_TABLE = 1056;

  private static final int STEERING_PRIORITY = 10;
  private static final int LOCAL_PRIORITY = 100;
  private static final int LOCAL_TABLE = 255;
  private static final Cidr EVERYTHING = Cidr.parse("0.0.0.0/0");
  private static final Cidr EVERY_IPV6 = Cidr.parse("::/0");

  private final Tap tap;

  private KernelAttachment(Tap tap) {
    this.tap = tap;
  }

  /**
   * Makes the TAP in the calling thread's network namespace.
   *
   * @param nodeLink the node's link to the node network, where answers from outside arrive
   */
  public static KernelAttachment attach(GatewayConfig config, String nodeLink) {
    Tap tap = Tap.open(LINK);
    try (Netlink netlink = Netlink.open()) {
      netlink.links().setMac(LINK, config.kernelMac());
      netlink.links().setMtu(LINK, config.nodeMtu());
      setKernel(config);
      netlink.links().setUp(LINK);
      for (GatewayConfig.Family family : config.families()) {
        IpAddress gateway = family.gateway();
        netlink.addresses().add(LINK, gateway, gateway.bitLength());
        for (List<Cidr> networks : List.of(config.podCidrs(), config.serviceCidrs())) {
          for (Cidr network : networks) {
            if (network.isIpv4() == family.isIpv4()) {
              netlink.routes().replace(Route.direct(network, LINK).from(gateway));
            }
          }
        }
        if (family.node() != null) {
          steer(netlink, config, family.node(), nodeLink);
        }
      }
      return new KernelAttachment(tap);
    } catch (RuntimeException e) {
      tap.close();
      throw e;
    }
  }

  private static void setKernel(GatewayConfig config) {
    if (config.family(true) != null) {
      // Packets come in by this link with the node's own address as source, and leave for it.
      sysctl("net.ipv4.conf." + LINK + ".accept_local", "1");
      sysctl("net.ipv4.conf." + LINK + ".rp_filter", "0");
      sysctl("net.ipv4.conf.all.rp_filter", "0");
      sysctl("net.ipv4.ip_forward", "1");
    }
    if (config.family(false) != null) {
      sysctl("net.ipv6.conf." + LINK + ".disable_ipv6", "0");
      sysctl("net.ipv6.conf." + LINK + ".accept_ra", "0");
      // The gateway answers for every address but this one: nobody else can have it.
      sysctl("net.ipv6.conf." + LINK + ".accept_dad", "0");
      sysctl("net.ipv6.conf.all.forwarding", "1");
    } else {
      Sysctl.writeIfPresent("net.ipv6.conf." + LINK + ".disable_ipv6", "1");
    }
  }

  private static void steer(
      Netlink netlink, GatewayConfig config, IpAddress node, String nodeLink) {
    Cidr everything = node.isIpv4() ? EVERYTHING : EVERY_IPV6;
    netlink.routes().replace(Route.direct(everything, LINK).inTable(STEERING_TABLE));
    List<RoutingRule> present = netlink.rules().list(node.isIpv4());
    // The kernel looks for its own addresses first; our rules have to come before that.
    RoutingRule local = RoutingRule.to(everything, LOCAL_PRIORITY, LOCAL_TABLE);
    if (present.stream().noneMatch(rule -> rule.priority() == LOCAL_PRIORITY)) {
      netlink.rules().add(local);
    }
    if (present.stream().noneMatch(rule -> rule.priority() == STEERING_PRIORITY)) {
      RoutingRule toNode =
          RoutingRule.to(Cidr.host(node), STEERING_PRIORITY, STEERING_TABLE).arriving(nodeLink);
      int first = config.firstEgressPort();
      int last = config.lastEgressPort();
      netlink.rules().add(toNode.ports(IpProtocol.TCP, first, last));
      netlink.rules().add(toNode.ports(IpProtocol.UDP, first, last));
      if (node.isIpv4()) {
        netlink.rules().add(toNode.ports(IpProtocol.ICMP, 0, 0));
      }
    }
    if (present.stream().anyMatch(rule -> rule.priority() == 0)) {
      netlink.rules().delete(RoutingRule.to(everything, 0, LOCAL_TABLE));
    }
  }

  /** In a container these may be set from outside, and be read-only here. */
  private static void sysctl(String name, String value) {
    if (!Sysctl.read(name).equals(value)) {
      Sysctl.write(name, value);
    }
  }

  public Tap tap() {
    return tap;
  }

  /** Takes the link away, and its address and routes with it. */
  @Override
  public void close() {
    tap.close();
  }
}
