package io.podwire.cli.local;

import io.podwire.linux.BridgeSettings;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.linux.Sysctl;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The network between the nodes: a bridge in a namespace of its own (the fabric), and a veth pair
 * from it to each machine's namespace.
 *
 * <p>The host's network is not touched. A namespace lives on while a process is in it, also when
 * this is closed. Not thread-safe.
 */
final class NodeNetwork implements AutoCloseable {
  static final String BRIDGE = "underlay";
  static final String MACHINE_LINK = "eth0";

  private static final int MTU = 1500;
  private static final MacAddress GATEWAY_MAC = MacAddress.parse("0a:57:00:00:00:01");

  private final List<Cidr> ranges;
  private final List<IpAddress> gateways;
  private final NetworkNamespace fabric = NetworkNamespace.create();
  private final List<NetworkNamespace> machines = new ArrayList<>();

  /**
   * The fabric, with the gateway's addresses on its bridge.
   *
   * @param ranges at most one of each family
   * @param gateways one in each of them, in the same order
   */
  NodeNetwork(List<Cidr> ranges, List<IpAddress> gateways) {
    this.ranges = ranges;
    this.gateways = gateways;
    try (Netlink netlink = Netlink.open(fabric)) {
      netlink.links().setUp("lo");
      netlink.links().createBridge(BRIDGE, BridgeSettings.PLAIN);
      // Otherwise it is the least of its ports', and another one when a machine comes or goes.
      netlink.links().setMac(BRIDGE, GATEWAY_MAC);
      netlink.links().setMtu(BRIDGE, MTU);
      addAddresses(netlink, BRIDGE, gateways);
      netlink.links().setUp(BRIDGE);
    }
  }

  private void addAddresses(Netlink netlink, String link, List<IpAddress> addresses) {
    for (int i = 0; i < addresses.size(); i++) {
      netlink.addresses().add(link, addresses.get(i), ranges.get(i).prefixLength());
    }
  }

  /** Where the bridge is. */
  NetworkNamespace fabric() {
    return fabric;
  }

  /** A new machine on the network: a namespace with eth0, its addresses and default routes. */
  NetworkNamespace addMachine(List<IpAddress> addresses) {
    NetworkNamespace machine = NetworkNamespace.create();
    machines.add(machine);
    String port = "port" + machines.size();
    try (Netlink here = Netlink.open(fabric);
        Netlink there = Netlink.open(machine)) {
      here.links().createVeth(port, MACHINE_LINK, machine);
      here.links().setMtu(port, MTU);
      here.links().setMaster(port, BRIDGE);
      here.links().setUp(port);
      there.links().setUp("lo");
      there.links().setMtu(MACHINE_LINK, MTU);
      addAddresses(there, MACHINE_LINK, addresses);
      there.links().setUp(MACHINE_LINK);
      for (IpAddress gateway : gateways) {
        there.routes().add(Route.defaultVia(gateway).through(MACHINE_LINK));
      }
    }
    machine.run(this::forward);
    return machine;
  }

  /** A node forwards between its Pods and the node network. */
  private void forward() {
    if (ranges.stream().anyMatch(range -> !range.isIpv4())
        && !Sysctl.read("net.ipv6.conf.all.forwarding").equals("1")) {
      Sysctl.write("net.ipv6.conf.all.forwarding", "1");
    }
    // Where it is set already, /proc/sys may be read-only.
    if (!Sysctl.read("net.ipv4.ip_forward").equals("1")) {
      Sysctl.write("net.ipv4.ip_forward", "1");
    }
  }

  @Override
  public void close() {
    machines.forEach(NetworkNamespace::close);
    fabric.close();
  }
}
