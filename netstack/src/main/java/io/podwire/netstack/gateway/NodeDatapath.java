package io.podwire.netstack.gateway;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.bridge.ForwardingDatabase;
import io.podwire.netstack.bridge.SourceGuard;
import io.podwire.netstack.bridge.VirtualBridge;
import io.podwire.netstack.capture.LinkTap;
import io.podwire.netstack.filter.Conntrack;
import io.podwire.netstack.filter.FragmentTable;
import io.podwire.netstack.filter.Hook;
import io.podwire.netstack.filter.HookChain;
import io.podwire.netstack.filter.SourceNat;
import io.podwire.netstack.filter.Translation;
import io.podwire.netstack.flow.FlowCache;
import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.PortCounters;
import io.podwire.netstack.route.Route;
import io.podwire.netstack.route.RouteTable;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.ServiceProxy;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.ServiceTranslation;
import io.podwire.netstack.service.mode.ProxyModes;
import io.podwire.netstack.service.mode.RuleExport;
import io.podwire.netstack.vxlan.TunnelSocket;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.vxlan.VxlanTunnel;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node's whole network, without its sockets: the only place that knows the order of the hooks.
 *
 * <pre>
 * Pod → VirtualBridge → Gateway: PREROUTING → RouteTable → FORWARD → POSTROUTING → VxlanTunnel
 * </pre>
 *
 * <p>Frames go in by the receive methods and leave through the sinks before these return, those for
 * other nodes with {@link #flush} at the latest. Times are milliseconds of any steady clock. Not
 * thread-safe; confined to the node's event loop.
 */
public final class NodeDatapath {

  /**
   * Never a destination beyond a router (RFC 6890; RFC 1812, section 5.3.7; RFC 4291, section
   * 2.5.6).
   */
  private static final List<Cidr> UNROUTED =
      List.of(
          Cidr.parse("0.0.0.0/8"),
          Cidr.parse("127.0.0.0/8"),
          Cidr.parse("224.0.0.0/4"),
          Cidr.parse("240.0.0.0/4"),
          Cidr.parse("::/128"),
          Cidr.parse("::1/128"),
          Cidr.parse("fe80::/10"),
          Cidr.parse("ff00::/8"));

  private final DropCounters drops = new DropCounters();
  private final RouteTable routes = new RouteTable();
  private final ServiceTable services = new ServiceTable();
  private final Conntrack conntrack;
  private final VxlanTunnel tunnel;
  private final VirtualBridge bridge;
  private final Gateway gateway;
  private final Egress egress;
  private final HookChain hooks;
  private final FlowCache flows;
  private final FastPath fastPath;
  private final Uplink uplink;
  private final ProxyNode proxyNode;
  private final ProxyModes modes;
  private final ServiceTranslation translation;
  private @Nullable FrameSink tunnelInput;
  private @Nullable LinkTap uplinkTap;

  /**
   * Builds the datapath.
   *
   * @param kernel takes frames for the node's own kernel
   * @param socket takes encapsulated frames for other nodes
   * @param random decides backends and source ports
   */
  public NodeDatapath(
      GatewayConfig config,
      Vni vni,
      FrameSink kernel,
      TunnelSocket socket,
      RandomGenerator random,
      long nowMillis) {
    conntrack = new Conntrack(Conntrack.DEFAULT_CAPACITY, random.nextLong(), nowMillis);
    tunnel = new VxlanTunnel(vni, config.podMtu(), socket, this::receiveInner, drops);
    proxyNode =
        new ProxyNode(
            config.nodes(),
            config.families().stream().map(GatewayConfig.Family::gateway).toList(),
            config.podCidrs(),
            config.serviceCidrs());
    modes = new ProxyModes(proxyNode, random, conntrack);
    translation = new ServiceTranslation(services, proxyNode, modes.proxy(ProxySettings.DEFAULT));
    Translation rewriting = new Translation();
    flows = new FlowCache(conntrack, this::generation);
    egress = new Egress(config, this::bridge, tunnel, kernel, flows, drops, this::unreachable);
    hooks = hooks(config, rewriting, random);
    gateway =
        new Gateway(
            config,
            hooks,
            conntrack,
            rewriting,
            routes,
            egress,
            this::bridge,
            tunnel,
            flows,
            drops,
            nowMillis);
    bridge =
        new VirtualBridge(
            new ForwardingDatabase(
                ForwardingDatabase.DEFAULT_AGEING_MILLIS,
                ForwardingDatabase.DEFAULT_CAPACITY,
                random.nextLong()),
            gateway,
            drops);
    uplink = new Uplink(routes, tunnel, drops);
    fastPath = new FastPath(flows, bridge, gateway, egress, tunnel);
    UNROUTED.forEach(cidr -> routes.put(cidr, new Route.Unreachable()));
    config.podCidrs().forEach(cidr -> routes.put(cidr, new Route.Unreachable()));
    config.families().forEach(this::addRoutes);
    config.serviceCidrs().forEach(cidr -> routes.put(cidr, new Route.ServiceNetwork()));
  }

  private void addRoutes(GatewayConfig.Family family) {
    routes.put(Cidr.host(family.gateway()), new Route.Local());
    routes.put(family.podCidr(), new Route.Bridged());
    IpAddress node = family.node();
    if (node != null) {
      routes.put(Cidr.host(node), new Route.Local());
      routes.put(Cidr.parse(family.isIpv4() ? "0.0.0.0/0" : "::/0"), new Route.External());
    }
  }

  private HookChain hooks(GatewayConfig config, Translation rewriting, RandomGenerator random) {
    FragmentTable fragments = new FragmentTable(random.nextLong());
    Masquerade masquerade = new Masquerade(config, new SourceNat(conntrack, random));
    HookChain chain = new HookChain();
    for (Hook arrival : List.of(Hook.PREROUTING, Hook.OUTPUT)) {
      chain
          .add(arrival, fragments)
          .add(arrival, conntrack::track)
          .add(arrival, translation)
          .add(arrival, rewriting::destination);
    }
    chain.add(Hook.POSTROUTING, masquerade);
    for (Hook departure : List.of(Hook.POSTROUTING, Hook.INPUT)) {
      chain.add(departure, conntrack::confirm).add(departure, rewriting::source);
    }
    return chain;
  }

  /** Another number after every change of a table that decides on ways: none ever decreases. */
  private long generation() {
    return routes.generation()
        + services.generation()
        + hooks.generation()
        + bridge.generation()
        + egress.pods().generation()
        + egress.vteps().generation();
  }

  private VirtualBridge bridge() {
    return bridge;
  }

  private void unreachable(Frame frame, long nowMillis) {
    gateway.unreachable(frame, nowMillis);
  }

  /** Attaches a Pod; its port sends and receives with these addresses alone. */
  public BridgePort attachPod(String name, IpAddress address, MacAddress mac, FrameSink sink) {
    return attachPod(name, List.of(address), mac, sink);
  }

  /** Attaches a Pod with an address of each family, or of one. */
  public BridgePort attachPod(
      String name, List<IpAddress> addresses, MacAddress mac, FrameSink sink) {
    BridgePort port = new BridgePort(name, SourceGuard.only(mac, addresses), sink);
    bridge.add(port, mac);
    addresses.forEach(address -> egress.pods().pin(address, mac));
    return port;
  }

  public void detachPod(BridgePort port, IpAddress address) {
    detachPod(port, List.of(address));
  }

  public void detachPod(BridgePort port, List<IpAddress> addresses) {
    bridge.remove(port);
    addresses.forEach(address -> egress.pods().remove(address));
  }

  /** Makes another node's Pods reachable through its tunnel endpoint. */
  public void putPeer(Cidr podCidr, Vtep peer) {
    tunnel.putPeer(peer);
    egress.putVtep(peer);
    routes.put(podCidr, new Route.Overlay(peer));
  }

  /** Removes a peer; what another one has taken over from it stays. */
  public void removePeer(Cidr podCidr, Vtep peer) {
    routes.remove(podCidr, new Route.Overlay(peer));
    egress.removeVtep(peer);
    tunnel.removePeer(peer);
  }

  /** Takes a frame that a Pod has sent. */
  public void receiveFromPod(BridgePort port, Frame frame, long nowMillis) {
    if (port.isDirect()) {
      fastPath.receiveFromPod(port, frame, nowMillis);
    } else {
      receiveAside(port, frame, nowMillis);
    }
  }

  private void receiveAside(BridgePort port, Frame frame, long nowMillis) {
    FrameSink place = port.input();
    FrameSink next = place == null ? sent -> enter(port, sent, nowMillis) : place;
    LinkTap tap = port.tap();
    if (tap == null) {
      next.transmit(frame);
    } else {
      tap.pass(Direction.EGRESS, frame, next, place == null);
    }
  }

  private boolean enter(BridgePort port, Frame frame, long nowMillis) {
    fastPath.receiveFromPod(port, frame, nowMillis);
    return true;
  }

  /** As {@link #receiveFromPod}, past what its frames are diverted to. */
  public void enterFromPod(BridgePort port, Frame frame, long nowMillis) {
    LinkTap tap = port.tap();
    if (tap == null) {
      fastPath.receiveFromPod(port, frame, nowMillis);
    } else {
      tap.resume(Direction.EGRESS, frame, sent -> enter(port, sent, nowMillis));
    }
  }

  /** Takes a frame that the node's kernel has sent. */
  public void receiveFromKernel(Frame frame, long nowMillis) {
    fastPath.receiveFromKernel(frame, nowMillis);
  }

  /** Takes a copy of an ICMPv6 packet that the node's kernel has received and keeps as well. */
  public void receiveCopyFromKernel(Frame frame, long nowMillis) {
    gateway.receiveCopyFromKernel(frame, nowMillis);
  }

  /**
   * Takes the payload of a datagram from the tunnel's socket, or of several from one sender, with
   * their length as segment size.
   *
   * @param sourceHigh first half of the outer source, as in {@link IpAddress}
   * @param sourceLow its second half
   */
  public void receiveFromTunnel(Frame payload, long sourceHigh, long sourceLow, long nowMillis) {
    tunnel.receive(payload, sourceHigh, sourceLow, nowMillis);
  }

  private void receiveInner(Vtep peer, Frame frame, long nowMillis) {
    FrameSink place = tunnelInput;
    if (place == null || !uplink.isPacket(frame)) {
      arrive(peer, frame, nowMillis);
    } else {
      place.transmit(frame);
    }
  }

  private void arrive(Vtep peer, Frame frame, long nowMillis) {
    LinkTap tap = uplinkTap;
    if (tap == null) {
      fastPath.receiveFromTunnel(peer, frame, nowMillis);
    } else {
      FrameSink next =
          packet -> {
            fastPath.receiveFromTunnel(peer, packet, nowMillis);
            return true;
          };
      tap.pass(Direction.INGRESS, frame, next, true);
    }
  }

  /** Has a tap see the packets that are exchanged with other nodes; null for none. */
  public void tapUplink(@Nullable LinkTap tap) {
    uplinkTap = tap;
    tunnel.tap(tap);
  }

  /**
   * Has packets from other nodes go to another place once they are decapsulated, which hands on to
   * {@link #enterFromTunnel}; null ends that.
   */
  public void divertTunnelInput(@Nullable FrameSink place) {
    tunnelInput = place;
  }

  /**
   * Has packets for other nodes go to another place before they are encapsulated, which hands on to
   * {@link #leaveForTunnel}; null ends that.
   */
  public void divertTunnelOutput(@Nullable FrameSink place) {
    tunnel.divertOutput(place);
  }

  /** Takes a decapsulated packet, past what such are diverted to. */
  public boolean enterFromTunnel(Frame frame, long nowMillis) {
    Vtep peer = uplink.sender(frame);
    if (peer != null) {
      arrive(peer, frame, nowMillis);
    }
    return peer != null;
  }

  /** Encapsulates a packet, past what such are diverted to. */
  public boolean leaveForTunnel(Frame frame) {
    LinkTap tap = uplinkTap;
    return tap == null ? uplink.send(frame) : tap.resume(Direction.EGRESS, frame, uplink::send);
  }

  /** Sends what waits for others to leave with; call it when a burst of frames has been taken. */
  public void flush() {
    retry();
    tunnel.flush();
  }

  /** Connections that a proxy tries elsewhere: at most once each in a turn. */
  private void retry() {
    for (ServiceProxy.Retry next = translation.proxy().retry();
        next != null;
        next = translation.proxy().retry()) {
      gateway.resume(next.frame(), next.fromNode(), next.nowMillis());
    }
  }

  /** Ages tables and repeats questions; call it about every second. */
  public void tick(long nowMillis) {
    bridge.age(nowMillis);
    conntrack.age(nowMillis);
    egress.pods().age(nowMillis);
    egress.vteps().age(nowMillis);
    flows.age();
    translation.proxy().age(nowMillis);
    flush();
  }

  public ServiceTable services() {
    return services;
  }

  /** Has new connections be balanced in another way; those that exist keep their backends. */
  public void balance(ProxySettings next) {
    if (!next.equals(proxy())) {
      translation.balance(modes.proxy(next));
    }
  }

  public ProxySettings proxy() {
    return translation.proxy().settings();
  }

  /** How many rules or tables first packets have cost since the way of balancing was chosen. */
  public long ruleEvaluations() {
    return translation.proxy().evaluations();
  }

  /** The Services as they are now, to be printed as rules on any thread. */
  public RuleExport rules() {
    return RuleExport.of(proxyNode, proxy(), services, ruleEvaluations());
  }

  /** The hooks; whoever changes what one of them decides says so there. */
  public HookChain hooks() {
    return hooks;
  }

  /** The ways of established flows, all of which change nothing but how long a packet takes. */
  public FlowCache flows() {
    return flows;
  }

  public Conntrack conntrack() {
    return conntrack;
  }

  public DropCounters drops() {
    return drops;
  }

  public PortCounters tunnelCounters() {
    return tunnel.counters();
  }

  public PortCounters kernelCounters() {
    return egress.kernelCounters();
  }
}
