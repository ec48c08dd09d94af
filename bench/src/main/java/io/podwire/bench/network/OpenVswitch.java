package io.podwire.bench.network;

import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.Optional;

/**
 * Open vSwitch's userspace datapath ({@code datapath_type=netdev}, without DPDK): on each node a
 * database and a switch of its own, in temporary folders.
 *
 * <p>As its documentation on userspace tunnels says: the node's link and address are on a bridge of
 * the switch, the Pods and the VXLAN port on another. That one learns MAC addresses and routes
 * nothing, so the two nodes' Pods share a subnet. It takes frames from packet sockets, which have
 * no checksum where the sender's kernel leaves that to the link: the Pods' links complete them.
 */
public final class OpenVswitch implements NetworkPeer {
  /** The peer's name. */
  public static final String NAME = "openvswitch";

  private static final Cidr NODES = Cidr.parse("172.31.0.0/24");
  private static final Cidr PODS = Cidr.parse("10.246.0.0/24");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "Open vSwitch: userspace datapath, vxlan port, learning bridge, veth pairs;"
        + " transmit checksum offload of the Pods' links off, as it needs";
  }

  @Override
  public Optional<String> missing() {
    return Tool.missing(Tool.OVSDB_TOOL, Tool.OVSDB_SERVER, Tool.OVS_VSWITCHD, Tool.OVS_VSCTL);
  }

  @Override
  public PodNetwork start(Workbench bench) {
    Workbench own = bench.keep(new Workbench());
    NodeFabric fabric = new NodeFabric(own);
    Node first = new Node(own, fabric, 1);
    Node second = new Node(own, fabric, 2);
    first.connectTo(2);
    second.connectTo(1);
    PodSite client = first.pod(11);
    PodSite neighbor = first.pod(12);
    PodSite server = second.pod(13);
    return new StartedNetwork(own, client, server, neighbor);
  }

  /** One node: its namespace, with a switch running in it. */
  private static final class Node {
    private static final String UPLINK = "uplink";
    private static final String BRIDGE = "pods";

    private final Workbench bench;
    private final NetworkNamespace namespace;
    private final OpenVswitchDaemon daemon;

    Node(Workbench bench, NodeFabric fabric, int number) {
      this.bench = bench;
      namespace = fabric.addNode();
      daemon = OpenVswitchDaemon.start(bench, namespace, "node" + number);
      addBridge(UPLINK);
      daemon.configure("add-port", UPLINK, NodeFabric.NODE_LINK);
      try (Netlink netlink = Netlink.open(namespace)) {
        netlink.addresses().add(UPLINK, nodeAddress(number), NODES.prefixLength());
        netlink.links().setUp(UPLINK);
      }
      addBridge(BRIDGE);
    }

    private void addBridge(String name) {
      daemon.configure(
          "add-br",
          name,
          "--",
          "set",
          "bridge",
          name,
          "datapath_type=netdev",
          "fail_mode=standalone");
    }

    void connectTo(int other) {
      daemon.configure(
          "add-port",
          BRIDGE,
          "vxlan0",
          "--",
          "set",
          "interface",
          "vxlan0",
          "type=vxlan",
          "options:key=7",
          "options:remote_ip=" + nodeAddress(other));
    }

    PodSite pod(int host) {
      String link = "pod" + host;
      IpAddress address = PODS.address(host);
      PodSite pod = PodLink.create(bench, namespace, link, address, PODS.prefixLength());
      PodLink.completeChecksums(pod);
      daemon.configure("add-port", BRIDGE, link);
      return pod;
    }

    private static IpAddress nodeAddress(int number) {
      return NODES.address(number);
    }
  }
}
