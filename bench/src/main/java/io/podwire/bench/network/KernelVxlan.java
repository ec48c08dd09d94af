package io.podwire.bench.network;

import io.podwire.bench.program.Workbench;
import io.podwire.linux.BridgeSettings;
import io.podwire.linux.LinuxException;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.linux.Sysctl;
import io.podwire.linux.VxlanSettings;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The Linux kernel itself: on each node a bridge, routes and a {@code vxlan} device with static
 * entries, as Flannel's vxlan backend sets them up; Pods on veth pairs, all offloads as they are.
 */
public final class KernelVxlan implements NetworkPeer {
  /** The peer's name. */
  public static final String NAME = "kernel";

  private static final Cidr NODES = Cidr.parse("172.31.0.0/24");
  private static final Cidr PODS = Cidr.parse("10.245.0.0/16");
  private static final int PODS_PER_NODE = 256;
  private static final int POD_PREFIX = 24;
  private static final String BRIDGE = "cbr0";
  private static final String VXLAN = "vxlan0";
  private static final int VNI = 7;
  private static final int PORT = 4789;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "Linux kernel: vxlan device, bridge, routes, veth pairs";
  }

  @Override
  public Optional<String> missing() {
    try (NetworkNamespace trial = NetworkNamespace.create();
        Netlink netlink = Netlink.open(trial)) {
      netlink.links().createVxlan(VXLAN, new VxlanSettings(VNI, nodeAddress(1), PORT, false));
      return Optional.empty();
    } catch (LinuxException refused) {
      return Optional.of("this kernel makes no vxlan device: " + refused.getMessage());
    }
  }

  @Override
  public PodNetwork start(Workbench bench) {
    Workbench own = bench.keep(new Workbench());
    NodeFabric fabric = new NodeFabric(own);
    List<NetworkNamespace> nodes =
        IntStream.of(1, 2).mapToObj(number -> node(fabric, number)).toList();
    connect(nodes.get(0), 2);
    connect(nodes.get(1), 1);
    PodSite client = pod(own, nodes.get(0), 1, 2);
    PodSite neighbor = pod(own, nodes.get(0), 1, 3);
    PodSite server = pod(own, nodes.get(1), 2, 2);
    return new StartedNetwork(own, client, server, neighbor);
  }

  private static NetworkNamespace node(NodeFabric fabric, int number) {
    NetworkNamespace node = fabric.addNode();
    try (Netlink netlink = Netlink.open(node)) {
      netlink.addresses().add(NodeFabric.NODE_LINK, nodeAddress(number), NODES.prefixLength());
      netlink.links().createBridge(BRIDGE, BridgeSettings.PLAIN);
      netlink.links().setMtu(BRIDGE, PodNetwork.POD_MTU);
      netlink.addresses().add(BRIDGE, podAddress(number, 1), POD_PREFIX);
      netlink.links().setUp(BRIDGE);
      netlink.links().createVxlan(VXLAN, new VxlanSettings(VNI, nodeAddress(number), PORT, false));
      netlink.links().setMac(VXLAN, mac(number));
      netlink.links().setMtu(VXLAN, PodNetwork.POD_MTU);
      netlink.addresses().add(VXLAN, podAddress(number, 0), 32);
      netlink.links().setUp(VXLAN);
    }
    node.run(() -> Sysctl.write("net.ipv4.ip_forward", "1"));
    return node;
  }

  private static void connect(NetworkNamespace node, int other) {
    try (Netlink netlink = Netlink.open(node)) {
      netlink.neighbors().set(VXLAN, podAddress(other, 0), mac(other));
      netlink.neighbors().setForwarding(VXLAN, mac(other), nodeAddress(other));
      Cidr pods = Cidr.around(podAddress(other, 0), POD_PREFIX);
      netlink.routes().add(Route.via(pods, podAddress(other, 0)).onLink(VXLAN));
    }
  }

  private static PodSite pod(Workbench bench, NetworkNamespace node, int number, int host) {
    String link = "pod" + host;
    PodSite pod = PodLink.create(bench, node, link, podAddress(number, host), POD_PREFIX);
    try (Netlink netlink = Netlink.open(node)) {
      netlink.links().setMaster(link, BRIDGE);
    }
    PodLink.defaultRoute(pod, podAddress(number, 1));
    return pod;
  }

  private static IpAddress nodeAddress(int number) {
    return NODES.address(number);
  }

  private static IpAddress podAddress(int number, int host) {
    return PODS.address(number * PODS_PER_NODE + host);
  }

  private static MacAddress mac(int number) {
    return MacAddress.parse("02:00:00:00:00:0" + number);
  }
}
