package io.podwire.testkit.e2e.services;

import io.podwire.packet.addr.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who takes part in the flows: a Pod, a node, or a machine of the node network.
 *
 * @param node where a Pod is; a node's own name in the table; empty for other machines
 */
record FlowHost(String name, String node, IpAddress ipv4, IpAddress ipv6) {

  static final String NODE_1 = "node-1";
  static final String NODE_2 = "node-2";

  /** Nodes under the names that the table has for them. */
  static final Map<String, FlowHost> NODES = byName(List.of(node("node", 11), node(NODE_2, 12)));

  static final Map<String, FlowHost> MACHINES =
      byName(
          List.of(
              new FlowHost(
                  "outside",
                  "",
                  IpAddress.parse("172.30.0.99"),
                  IpAddress.parse("fd00:172:30::99")),
              new FlowHost(
                  "stranger",
                  "",
                  IpAddress.parse("172.30.0.20"),
                  IpAddress.parse("fd00:172:30::20"))));

  /** The Pods, at the addresses that they have where nobody else hands them out. */
  static final Map<String, FlowHost> PODS =
      byName(
          List.of(
              pod("pod", 1, 2),
              pod("local-a", 1, 3),
              pod("local-b", 1, 4),
              pod("waiting", 1, 5),
              pod("leaving", 1, 6),
              pod("remote-a", 2, 2),
              pod("other", 2, 3)));

  private static FlowHost node(String name, int place) {
    IpAddress ipv6 = IpAddress.parse("fd00:172:30::" + Integer.toHexString(place));
    return new FlowHost(name, name, IpAddress.parse("172.30.0." + place), ipv6);
  }

  private static FlowHost pod(String name, int node, int place) {
    return new FlowHost(
        name,
        "node-" + node,
        IpAddress.parse("10.244." + node + "." + place),
        IpAddress.parse("fd00:10:244:" + node + "::" + place));
  }

  private static Map<String, FlowHost> byName(List<FlowHost> hosts) {
    Map<String, FlowHost> map = new LinkedHashMap<>();
    hosts.forEach(host -> map.put(host.name(), host));
    return map;
  }

  IpAddress address(boolean ofIpv4) {
    return ofIpv4 ? ipv4 : ipv6;
  }

  /** The node's address towards its Pods: the first of their network. */
  IpAddress gateway(boolean ofIpv4) {
    return ofIpv4 ? IpAddress.ofIpv4(ipv4.ipv4Bits() & ~0xff | 1) : new IpAddress(ipv6.high(), 1);
  }
}
