package io.podwire.testkit.e2e.services;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.vxlan.TunnelSocket;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A node of the table as a datapath in this JVM, with its Pods. */
final class DatapathNode {

  private static final int MTU = 1450;
  private static final MacAddress GATEWAY_MAC = MacAddress.parse("0a:00:00:00:00:01");
  private static final MacAddress KERNEL_MAC = MacAddress.parse("0c:00:00:00:00:01");

  private final NodeDatapath datapath;
  private final Map<String, BridgePort> ports = new HashMap<>();

  /**
   * Builds it.
   *
   * @param number 1 or 2, and 2 or 1 is the other node
   * @param pods takes what goes to Pods of this node
   * @param kernel takes what goes to the node's kernel
   */
  DatapathNode(
      int number,
      ProxyMode mode,
      FlowState state,
      FrameSink pods,
      FrameSink kernel,
      TunnelSocket tunnel) {
    GatewayConfig config =
        new GatewayConfig(
            List.of(family(number, true), family(number, false)),
            List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:10:244::/48")),
            List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:10:96::/112")),
            GATEWAY_MAC,
            MacAddress.parse("0e:00:00:00:00:0" + number),
            KERNEL_MAC,
            MTU,
            MTU + 50,
            61_000,
            65_000);
    datapath = new NodeDatapath(config, new Vni(1), kernel, tunnel, new Random(number), 0);
    datapath.balance(new ProxySettings(mode, IpvsScheduler.RR));
    for (FlowHost pod : FlowHost.PODS.values()) {
      if (pod.node().equals("node-" + number)) {
        List<IpAddress> addresses = List.of(pod.ipv4(), pod.ipv6());
        MacAddress mac = MacAddress.of(pod.ipv4());
        ports.put(pod.name(), datapath.attachPod(pod.name(), addresses, mac, pods));
      }
    }
    int other = 3 - number;
    for (boolean ipv4 : new boolean[] {true, false}) {
      GatewayConfig.Family peer = family(other, ipv4);
      datapath.putPeer(
          peer.podCidr(),
          new Vtep(
              "node-" + other,
              node(other).ipv4(),
              VxlanView.PORT,
              MacAddress.parse("0e:00:00:00:00:0" + other),
              peer.gateway()));
    }
    state.bind("node-" + number, datapath.services());
  }

  private static FlowHost node(int number) {
    return ServiceFlows.host(number == 1 ? "node" : FlowHost.NODE_2, FlowHost.PODS);
  }

  private static GatewayConfig.Family family(int number, boolean ipv4) {
    Cidr pods = Cidr.parse(ipv4 ? "10.244." + number + ".0/24" : "fd00:10:244:" + number + "::/64");
    IpAddress gateway =
        IpAddress.parse(ipv4 ? "10.244." + number + ".1" : "fd00:10:244:" + number + "::1");
    return new GatewayConfig.Family(gateway, node(number).address(ipv4), pods);
  }

  NodeDatapath datapath() {
    return datapath;
  }

  /** Takes the first packet of a connection from one of its Pods, or else from its kernel. */
  void send(Flow flow, int port, long nowMillis) {
    FlowHost client = ServiceFlows.host(flow.source(), FlowHost.PODS);
    IpAddress source = client.address(flow.isIpv4());
    BridgePort pod = ports.get(flow.source());
    if (pod == null) {
      enter(FlowFrame.first(flow, source, port, KERNEL_MAC, GATEWAY_MAC), nowMillis);
    } else {
      MacAddress mac = MacAddress.of(client.ipv4());
      Frame frame = FlowFrame.first(flow, source, port, mac, GATEWAY_MAC);
      datapath.receiveFromPod(pod, frame, nowMillis);
      datapath.flush();
    }
  }

  /** Takes what comes from its kernel. */
  void enter(Frame frame, long nowMillis) {
    datapath.receiveFromKernel(frame, nowMillis);
    datapath.flush();
  }
}
