package io.podwire.agent.tunnel;

import io.podwire.linux.BridgeSettings;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.linux.Tap;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/** Nodes with real sockets on a node network of their own, and Pods as bare namespaces. */
final class TestFabric implements AutoCloseable {

  static final Cidr PODS = Cidr.parse("10.244.0.0/16");
  static final Cidr SERVICES = Cidr.parse("10.96.0.0/16");
  static final Vni VNI = new Vni(1);
  static final int VXLAN_PORT = 4789;
  static final int POD_MTU = 1450;

  private final NetworkNamespace fabric = NetworkNamespace.create();
  private final Deque<AutoCloseable> closers = new ArrayDeque<>();
  private final List<TestNode> nodes = new ArrayList<>();
  private int links;

  TestFabric() {
    closers.push(fabric);
    try (Netlink netlink = Netlink.open(fabric)) {
      netlink.links().createBridge("underlay", BridgeSettings.PLAIN);
      netlink.addresses().add("underlay", IpAddress.parse("172.30.0.1"), 24);
      netlink.links().setUp("underlay");
      netlink.links().setUp("lo");
    }
  }

  NetworkNamespace namespace() {
    return fabric;
  }

  /** A namespace with eth0 on the node network. */
  NetworkNamespace host(IpAddress address) {
    NetworkNamespace namespace = NetworkNamespace.create();
    closers.push(namespace);
    String port = "port" + ++links;
    try (Netlink netlink = Netlink.open(fabric)) {
      netlink.links().createVeth(port, "eth0", namespace);
      netlink.links().setMaster(port, "underlay");
      netlink.links().setUp(port);
    }
    try (Netlink netlink = Netlink.open(namespace)) {
      netlink.addresses().add("eth0", address, 24);
      netlink.links().setUp("lo");
      netlink.links().setUp("eth0");
    }
    return namespace;
  }

  /** A node that knows all nodes made before it, and they it. */
  TestNode node() {
    return node(POD_MTU, Offloads.available());
  }

  /** As {@link #node()}, with Pods of this MTU. */
  TestNode node(int podMtu, Offloads offloads) {
    int number = nodes.size() + 1;
    TestNode node = new TestNode(this, number, podMtu, offloads);
    for (TestNode other : nodes) {
      other.loop.change(datapath -> datapath.putPeer(node.podCidr, node.vtep()));
      node.loop.change(datapath -> datapath.putPeer(other.podCidr, other.vtep()));
    }
    nodes.add(node);
    closers.push(node);
    return node;
  }

  @Override
  public void close() throws Exception {
    while (!closers.isEmpty()) {
      closers.pop().close();
    }
  }

  /** One node: its namespace, its kernel's TAP and its loop. */
  static final class TestNode implements AutoCloseable {
    final IpAddress address;
    final Cidr podCidr;
    final NetworkNamespace namespace;
    final NodeLoop loop;
    final GatewayConfig config;
    private final KernelAttachment kernel;
    private final List<TestPod> pods = new ArrayList<>();

    TestNode(TestFabric fabric, int number, int podMtu, Offloads offloads) {
      address = IpAddress.parse("172.30.0.1" + number);
      podCidr = PODS.subnet(24, number);
      namespace = fabric.host(address);
      IpAddress gateway = podCidr.address(1);
      config =
          new GatewayConfig(
              gateway,
              address,
              podCidr,
              List.of(PODS),
              List.of(SERVICES),
              MacAddress.of(gateway),
              new MacAddress(0x0e58_0000_0000L | address.ipv4Bits() & 0xffff_ffffL),
              new MacAddress(0x0a59_0000_0000L | gateway.ipv4Bits() & 0xffff_ffffL),
              podMtu,
              1500,
              61_000,
              65_534);
      kernel = namespace.call(() -> KernelAttachment.attach(config, "eth0"));
      loop =
          namespace.call(() ->
              new NodeLoop(
                  config, VNI, VXLAN_PORT, kernel.tap(), offloads, new SplittableRandom(number)));
    }

    Vtep vtep() {
      return new Vtep("node", address, VXLAN_PORT, config.vtepMac(), podCidr.address(1));
    }

    TestPod pod() {
      TestPod pod =
          new TestPod(podCidr.address(pods.size() + 2), podCidr.address(1), config.podMtu());
      loop.attachPod(pod.address.toString(), pod.address, pod.mac, pod.tap);
      pods.add(pod);
      return pod;
    }

    @Override
    public void close() {
      for (TestPod pod : pods) {
        loop.detachPod(pod.address.toString());
        pod.close();
      }
      loop.close();
      kernel.close();
    }
  }

  /** A Pod's network without a program. */
  static final class TestPod implements AutoCloseable {
    final IpAddress address;
    final MacAddress mac;
    final NetworkNamespace namespace = NetworkNamespace.create();
    final Tap tap;

    TestPod(IpAddress address, IpAddress gateway, int mtu) {
      this.address = address;
      this.mac = MacAddress.of(address);
      this.tap = namespace.call(() -> Tap.open("eth0"));
      try (Netlink netlink = Netlink.open(namespace)) {
        netlink.links().setMac("eth0", mac);
        netlink.links().setMtu("eth0", mtu);
        netlink.addresses().add("eth0", address, 24);
        netlink.links().setUp("lo");
        netlink.links().setUp("eth0");
        netlink.routes().add(Route.defaultVia(gateway));
      }
    }

    @Override
    public void close() {
      tap.close();
      namespace.close();
    }
  }
}
