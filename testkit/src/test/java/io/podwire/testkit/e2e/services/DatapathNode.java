package io.podwire.testkit.e2e.services;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** The node of {@link ServiceFlows} as a datapath in this JVM, asked by single packets. */
final class DatapathNode {

  private static final int CONNECTIONS = 40;
  private static final int MTU = 1450;
  private static final IpAddress GATEWAY = IpAddress.parse("10.244.1.1");
  private static final MacAddress GATEWAY_MAC = MacAddress.of(GATEWAY);
  private static final MacAddress KERNEL_MAC = MacAddress.parse("0c:00:00:00:00:01");

  private final NodeDatapath datapath;
  private final Map<String, BridgePort> ports = new HashMap<>();
  private final Set<String> outcomes = new TreeSet<>();
  private final Set<String> sources = new TreeSet<>();
  private String client = "";
  private String reached = "";
  private int nextPort = 2000;

  /** ICMP errors are limited in rate: connections take their time. */
  private long nowMillis;

  DatapathNode(long seed) {
    GatewayConfig config =
        new GatewayConfig(
            GATEWAY,
            ServiceFlows.NODE,
            Cidr.parse("10.244.1.0/24"),
            List.of(Cidr.parse("10.244.0.0/16")),
            List.of(Cidr.parse("10.96.0.0/16")),
            GATEWAY_MAC,
            MacAddress.parse("0e:00:00:00:00:01"),
            KERNEL_MAC,
            MTU,
            MTU + 50,
            61_000,
            65_000);
    datapath =
        new NodeDatapath(
            config,
            new Vni(1),
            frame -> see(frame, 0),
            (address, port, hash, payload) -> see(payload, VxlanView.HEADER_LENGTH),
            new Random(seed),
            0);
    for (String pod : List.of("pod", "local-a", "local-b")) {
      IpAddress address = address(pod);
      MacAddress mac = MacAddress.of(address);
      ports.put(pod, datapath.attachPod(pod, address, mac, frame -> see(frame, 0)));
    }
    datapath.putPeer(
        Cidr.parse("10.244.2.0/24"),
        new Vtep(
            "node-2",
            IpAddress.parse("172.30.0.12"),
            VxlanView.PORT,
            MacAddress.parse("0e:00:00:00:00:02"),
            IpAddress.parse("10.244.2.1")));
  }

  NodeDatapath datapath() {
    return datapath;
  }

  private static IpAddress address(String name) {
    return IpAddress.parse(Objects.requireNonNull(ServiceFlows.ADDRESSES.get(name), name));
  }

  /** Opens connections, and remembers where they came to; each has a port of its own. */
  void ask(ServiceFlows.Flow flow) {
    outcomes.clear();
    sources.clear();
    client = flow.source();
    for (int i = 0; i < CONNECTIONS; i++) {
      reached = "drop";
      nowMillis += 2;
      Frame frame = frame(flow);
      BridgePort port = ports.get(client);
      if (port == null) {
        datapath.receiveFromKernel(frame, nowMillis);
      } else {
        datapath.receiveFromPod(port, frame, nowMillis);
      }
      datapath.flush();
      outcomes.add(reached);
    }
  }

  Set<String> outcomes() {
    return outcomes;
  }

  Set<String> sources() {
    return sources;
  }

  private Frame frame(ServiceFlows.Flow flow) {
    boolean tcp = flow.protocol() == IpProtocol.TCP;
    int transport = tcp ? TcpView.HEADER_LENGTH : UdpView.HEADER_LENGTH;
    int length = EthernetView.HEADER_LENGTH + Ipv4View.HEADER_LENGTH + transport;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    MacAddress mac = ports.containsKey(client) ? MacAddress.of(address(client)) : KERNEL_MAC;
    new EthernetView()
        .wrap(frame.buffer(), frame.start(), length)
        .set(GATEWAY_MAC.value(), mac.value(), EtherType.IPV4);
    Ipv4View ip =
        new Ipv4View()
            .wrap(
                frame.buffer(),
                frame.start() + EthernetView.HEADER_LENGTH,
                length - EthernetView.HEADER_LENGTH)
            .setHeaderLength(Ipv4View.HEADER_LENGTH)
            .setTotalLength(Ipv4View.HEADER_LENGTH + transport)
            .setFragment(true, false, 0)
            .setTimeToLive(64)
            .setProtocol(flow.protocol())
            .setSource(address(client).ipv4Bits())
            .setDestination(flow.address().ipv4Bits());
    ip.computeChecksum();
    int from = nextPort++;
    if (tcp) {
      new TcpView()
          .wrap(frame.buffer(), ip.payloadOffset(), transport)
          .setSourcePort(from)
          .setDestinationPort(flow.port())
          .setSequence(1)
          .setAcknowledgment(0)
          .setHeaderLengthAndFlags(transport, TcpFlags.SYN)
          .setWindow(1000)
          .setUrgentPointer(0)
          .computeChecksum(ip.pseudoHeader());
    } else {
      new UdpView()
          .wrap(frame.buffer(), ip.payloadOffset(), transport)
          .setSourcePort(from)
          .setDestinationPort(flow.port())
          .setDatagramLength(transport)
          .computeChecksum(ip.pseudoHeader());
    }
    return frame;
  }

  /** What leaves the datapath: to an endpoint, or as a refusal to the client. */
  private boolean see(Frame frame, int skipped) {
    int offset = frame.start() + skipped + EthernetView.HEADER_LENGTH;
    Ipv4View ip = new Ipv4View().wrap(frame.buffer(), offset, frame.end() - offset);
    String to = IpAddress.ofIpv4(ip.destination()).toString();
    int port = frame.buffer().getShort(ip.payloadOffset() + 2) & 0xffff;
    if (ip.protocol() == IpProtocol.ICMP
        || port != ServiceFlows.TARGET_PORT && to.equals(address(client).toString())) {
      reached = "reject";
      return true;
    }
    reached =
        ServiceFlows.ADDRESSES.entrySet().stream()
            .filter(entry -> entry.getValue().equals(to) && port == ServiceFlows.TARGET_PORT)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("lost on the way to " + to + ":" + port);
    IpAddress source = IpAddress.ofIpv4(ip.source());
    boolean node = source.equals(GATEWAY) || source.equals(ServiceFlows.NODE);
    sources.add(node ? "node" : source.equals(address(client)) ? "client" : source.toString());
    return true;
  }
}
