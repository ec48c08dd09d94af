package io.podwire.bench.network;

import io.podwire.bench.program.Workbench;
import io.podwire.linux.BridgeSettings;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;

/**
 * The network between two nodes: a bridge in a namespace of its own, and a veth pair from it to
 * each node's namespace, where it is {@link #NODE_LINK}.
 */
final class NodeFabric {
  static final String NODE_LINK = "eth0";

  private static final String BRIDGE = "underlay";

  private final Workbench bench;
  private final NetworkNamespace fabric;
  private int ports;

  NodeFabric(Workbench bench) {
    this.bench = bench;
    fabric = bench.namespace();
    try (Netlink netlink = Netlink.open(fabric)) {
      netlink.links().createBridge(BRIDGE, BridgeSettings.PLAIN);
      netlink.links().setMtu(BRIDGE, PodNetwork.NODE_MTU);
      netlink.links().setUp(BRIDGE);
    }
  }

  /** A namespace on the network; its link is up and has no address yet. */
  NetworkNamespace addNode() {
    NetworkNamespace node = bench.namespace();
    String port = "port" + ++ports;
    try (Netlink here = Netlink.open(fabric);
        Netlink there = Netlink.open(node)) {
      here.links().createVeth(port, NODE_LINK, node);
      here.links().setMtu(port, PodNetwork.NODE_MTU);
      here.links().setMaster(port, BRIDGE);
      here.links().setUp(port);
      there.links().setUp("lo");
      there.links().setMtu(NODE_LINK, PodNetwork.NODE_MTU);
      there.links().setUp(NODE_LINK);
    }
    return node;
  }
}
