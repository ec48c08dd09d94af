package io.podwire.netstack.gateway;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.bridge.BridgeRouter;
import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.filter.Conntrack;
import io.podwire.netstack.filter.Hook;
import io.podwire.netstack.filter.HookChain;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.Translation;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.flow.FlowCache;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Segmenter;
import io.podwire.netstack.neighbor.DiscoveryFrames;
import io.podwire.netstack.route.Route;
import io.podwire.netstack.route.RouteTable;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.vxlan.VxlanTunnel;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The node's router: takes packets from the bridge, the tunnel and the node's kernel through the
 * hooks and the route table to where they go, and answers with ICMP errors (RFC 1812, RFC 4443).
 *
 * <p>A frame is processed to the end before the call returns. Not thread-safe; confined to the
 * node's event loop.
 */
final class Gateway implements BridgeRouter {

  private static final int MALFORMED = -1;

  // First halves of IPv6 addresses.
  private static final long LINK_LOCAL = 0xfe80L << 48;
  private static final long LINK_LOCAL_MASK = 0xffc0L << 48;
  private static final long MULTICAST = 0xff;

  private final GatewayConfig config;
  private final HookChain hooks;
  private final Conntrack conntrack;
  private final Translation translation;
  private final RouteTable routes;
  private final Egress egress;
  private final Egress.BridgeLink bridge;
  private final FlowCache flows;
  private final DropCounters drops;
  private final Refusal refusal;
  private final boolean routesIpv6;
  private final GatewayNeighbors neighbors;
  private final IpAddress linkLocal;
  private final Segmenter segmenter = new Segmenter();
  private final EthernetView ethernet = new EthernetView();
  private final Ipv6View ipv6 = new Ipv6View();
  private final Packet packet = new Packet(Frame.allocate(0));
  private final Packet answer = new Packet(Frame.allocate(0));

  Gateway(
      GatewayConfig config,
      HookChain hooks,
      Conntrack conntrack,
      Translation translation,
      RouteTable routes,
      Egress egress,
      Egress.BridgeLink bridge,
      VxlanTunnel tunnel,
      FlowCache flows,
      DropCounters drops,
      long nowMillis) {
    this.config = config;
    this.hooks = hooks;
    this.conntrack = conntrack;
    this.translation = translation;
    this.routes = routes;
    this.egress = egress;
    this.bridge = bridge;
    this.flows = flows;
    this.drops = drops;
    linkLocal = DiscoveryFrames.linkLocal(config.gatewayMac());
    routesIpv6 = config.gateway(false) != null;
    neighbors = new GatewayNeighbors(config, egress, bridge, tunnel, drops);
    this.refusal = new Refusal(nowMillis);
  }

  @Override
  public long mac() {
    return config.gatewayMac().value();
  }

  @Override
  public boolean bridgesIpv6() {
    return routesIpv6;
  }

  @Override
  public void receive(Frame frame, long nowMillis) {
    int etherType = readEthernet(frame);
    switch (etherType) {
      case EtherType.IPV4 -> route(frame, false, nowMillis);
      case EtherType.ARP -> neighbors.arpFromPod(frame, nowMillis);
      case EtherType.IPV6 -> receiveIpv6(frame, nowMillis);
      default -> countUnsupported(etherType);
    }
  }

  @Override
  public void overhear(Frame frame, long nowMillis) {
    int etherType = readEthernet(frame);
    if (etherType == EtherType.ARP) {
      neighbors.arpFromPod(frame, nowMillis);
    } else if (etherType == EtherType.IPV6 && neighbors.isDiscovery(frame)) {
      neighbors.discoverPod(nowMillis);
    }
  }

  private void receiveIpv6(Frame frame, long nowMillis) {
    boolean discovers = neighbors.isDiscovery(frame);
    if (discovers && neighbors.discoverPod(nowMillis)) {
      return;
    }
    if (!routesIpv6) {
      countUnsupported(EtherType.IPV6);
    } else if (!discovers && !answersOnLink(frame, nowMillis)) {
      route(frame, false, nowMillis);
    }
  }

  /**
   * Answers a Pod's echo request to the gateway's link-local address (RFC 4443, section 4.2): no
   * route leads to and from such addresses, so the answer goes where the question came from.
   */
  private boolean answersOnLink(Frame frame, long nowMillis) {
    int offset = ipOffset(frame);
    if (frame.end() - offset < Ipv6View.HEADER_LENGTH
        || !isLinkLocal(ipv6.wrap(frame.buffer(), offset, frame.end() - offset))
        || packet.parse(frame, offset) != null
        || !packet.key().isEchoRequest()
        || packet.isFragment()) {
      return false;
    }
    Frame echo = Refusal.echo(packet);
    long pod = ethernet.wrap(frame.buffer(), frame.start(), frame.length()).source();
    ethernet.wrap(echo.buffer(), echo.start(), echo.length()).setDestination(pod).setSource(mac());
    bridge.get().send(echo, nowMillis);
    return true;
  }

  private boolean isLinkLocal(Ipv6View to) {
    return to.destinationHigh() == linkLocal.high() && to.destinationLow() == linkLocal.low();
  }

  /** Takes a decapsulated frame from another node. */
  void receiveFromTunnel(Vtep peer, Frame frame, long nowMillis) {
    int etherType = readEthernet(frame);
    if (etherType == MALFORMED) {
      return;
    }
    boolean ours = ethernet.destination() == config.vtepMac().value();
    boolean everyones = MacAddress.isMulticast(ethernet.destination());
    if (etherType == EtherType.ARP && (ours || everyones)) {
      neighbors.arpFromPeer(peer, frame, nowMillis);
    } else if (etherType == EtherType.IPV6
        && routesIpv6
        && (ours || everyones)
        && neighbors.isDiscovery(frame)) {
      neighbors.discoverPeer(peer, nowMillis);
    } else if (!ours) {
      drops.count(DropReason.NOT_ADDRESSED_TO_ROUTER);
    } else if (etherType == EtherType.IPV4 || etherType == EtherType.IPV6 && routesIpv6) {
      route(frame, false, nowMillis);
    } else {
      countUnsupported(etherType);
    }
  }

  /** Takes a frame that the node's kernel has sent, of its own or forwarded from outside. */
  void receiveFromKernel(Frame frame, long nowMillis) {
    egress.kernelCounters().received(frame);
    int etherType = readEthernet(frame);
    if (etherType == EtherType.ARP) {
      neighbors.arpFromKernel(frame);
    } else if (etherType == EtherType.IPV6 && routesIpv6 && neighbors.isDiscovery(frame)) {
      neighbors.discoverKernel();
    } else if (etherType == EtherType.IPV4 || etherType == EtherType.IPV6 && routesIpv6) {
      if (MacAddress.isMulticast(ethernet.destination())) {
        drops.count(DropReason.NOT_ADDRESSED_TO_ROUTER);
      } else {
        route(frame, true, nowMillis);
      }
    } else {
      countUnsupported(etherType);
    }
  }

  /**
   * Takes a copy of an ICMP packet that the node's kernel keeps: what belongs to no connection is
   * none of the gateway's.
   */
  void receiveCopyFromKernel(Frame frame, long nowMillis) {
    if (readEthernet(frame) == EtherType.IPV6
        && packet.parse(frame, ipOffset(frame)) == null
        && hooks.run(Hook.PREROUTING, packet, nowMillis) == Verdict.ACCEPT
        && packet.connection() != null) {
      dispatch(true, nowMillis);
    }
  }

  /** The type of an untagged frame; a frame without a whole header is counted. */
  private int readEthernet(Frame frame) {
    Defect defect = ethernet.wrap(frame.buffer(), frame.start(), frame.length()).check();
    if (defect != Defect.NONE) {
      drops.count(DropReason.MALFORMED_ETHERNET);
      return MALFORMED;
    }
    return ethernet.isTagged() ? EtherType.VLAN : ethernet.etherType();
  }

  private void countUnsupported(int etherType) {
    if (etherType != MALFORMED) {
      drops.count(
          etherType == EtherType.IPV6
              ? DropReason.IPV6_NOT_ENABLED
              : DropReason.UNSUPPORTED_ETHERTYPE);
    }
  }

  /** Takes a packet anew that was kept as it had come from a Pod, the tunnel or the node itself. */
  void resume(Frame frame, boolean fromNode, long nowMillis) {
    route(frame, fromNode, nowMillis);
  }

  /** The packet that was routed or filtered last. */
  Packet packet() {
    return packet;
  }

  @Override
  public boolean filterBridged(Frame frame, long nowMillis) {
    DropReason defect = packet.parse(frame, ipOffset(frame));
    if (defect != null) {
      drops.count(defect);
      return false;
    }
    return passes(Hook.PREROUTING, nowMillis)
        && passes(Hook.FORWARD, nowMillis)
        && passes(Hook.POSTROUTING, nowMillis);
  }

  @Override
  public void bridged(BridgePort to, Frame frame) {
    if (flows.isWatching(frame)) {
      long mac = ethernet.wrap(frame.buffer(), frame.start(), frame.length()).destination();
      if (bridge.get().pinned(mac) == to) {
        flows.leaves(frame, to, null, 0, FlowCache.ANY_LENGTH);
      }
    }
  }

  private void route(Frame frame, boolean fromKernel, long nowMillis) {
    DropReason defect = packet.parse(frame, ipOffset(frame));
    if (defect != null) {
      drops.count(defect);
      return;
    }
    if (!mayBeRouted()) {
      drops.count(DropReason.NO_ROUTE);
      return;
    }
    // The kernel also forwards what comes from outside: only its own packets were not routed yet.
    boolean fromNode = fromKernel && isOwnSource();
    packet.setFromNode(fromNode);
    if (passes(fromNode ? Hook.OUTPUT : Hook.PREROUTING, nowMillis)) {
      dispatch(fromKernel, nowMillis);
    }
  }

  /** Looks for the route of a packet that has passed the first hook. */
  private void dispatch(boolean fromKernel, long nowMillis) {
    Route route = routes.lookup(packet.key().destinationHigh(), packet.key().destinationLow());
    if (route == null || route instanceof Route.Unreachable) {
      refuse(nowMillis);
    } else if (fromKernel && route instanceof Route.External && !isToService()) {
      // It would come straight back: the kernel has a route that we do not.
      refuse(nowMillis);
    } else {
      packet.setRoute(route);
      if (route instanceof Route.Local) {
        if (passes(Hook.INPUT, nowMillis)) {
          send(route, nowMillis);
        }
      } else {
        forward(route, nowMillis);
      }
    }
  }

  /** What has no address beyond its link must stay there (RFC 4291, section 2.5.6). */
  private boolean mayBeRouted() {
    if (packet.isIpv4()) {
      return true;
    }
    long high = packet.key().sourceHigh();
    return (high & LINK_LOCAL_MASK) != LINK_LOCAL
        && high >>> 56 != MULTICAST
        && (high | packet.key().sourceLow()) != 0;
  }

  private boolean isToService() {
    Connection connection = packet.connection();
    return connection != null && connection.isDestinationTranslated();
  }

  private void forward(Route route, long nowMillis) {
    if (!packet.isFromNode()) {
      if (packet.hopsLeft() <= 1) {
        drops.count(DropReason.TTL_EXPIRED);
        answerIcmp(Refusal.Cause.TOO_MANY_HOPS, 0, nowMillis);
        return;
      }
      packet.countHop();
      if (!passes(Hook.FORWARD, nowMillis)) {
        return;
      }
    }
    int mtu = egress.mtu(route);
    boolean tooLong = largestPacket() > mtu;
    if (tooLong && !packet.mayBeFragmented()) {
      drops.count(DropReason.FRAGMENTATION_NEEDED);
      answerIcmp(Refusal.Cause.TOO_BIG, mtu, nowMillis);
      return;
    }
    if (!passes(Hook.POSTROUTING, nowMillis)) {
      return;
    }
    if (tooLong) {
      sendFragments(route, mtu, nowMillis);
    } else {
      send(route, nowMillis);
    }
  }

  /** The longest IP packet that the frame is on a link. */
  private int largestPacket() {
    Frame frame = packet.frame();
    int whole = packet.length();
    return frame.segmentSize() == 0
        ? whole
        : Math.min(
            whole, frame.segmentHeaderLength() - EthernetView.HEADER_LENGTH + frame.segmentSize());
  }

  private void sendFragments(Route route, int mtu, long nowMillis) {
    Consumer<Frame> output = piece -> egress.send(piece, route, packet.key(), nowMillis);
    if (packet.frame().segmentSize() == 0) {
      Fragmenter.fragment(packet.frame(), mtu, output);
    } else if (segmenter.wrap(packet.frame())) {
      for (int i = 0; i < segmenter.count(); i++) {
        Frame whole = Frame.allocate(segmenter.length(i));
        whole.reset(Frame.HEADROOM, segmenter.length(i));
        segmenter.write(i, whole.buffer(), Frame.HEADROOM);
        Fragmenter.fragment(whole, mtu, output);
      }
    } else {
      drops.count(DropReason.MALFORMED_TRANSPORT);
    }
  }

  private void send(Route route, long nowMillis) {
    egress.send(packet.frame(), route, packet.key(), nowMillis);
  }

  /** Runs a hook, and does what its verdict says. */
  private boolean passes(Hook hook, long nowMillis) {
    Verdict verdict = hooks.run(hook, packet, nowMillis);
    if (verdict == Verdict.ACCEPT) {
      return true;
    }
    if (verdict == Verdict.ANSWER) {
      answer(Refusal.echo(packet), nowMillis);
      return false;
    }
    drops.count(packet.dropReason());
    if (verdict == Verdict.REJECT) {
      if (packet.key().protocol() == IpProtocol.TCP) {
        answer(refusal.reset(packet), nowMillis);
      } else {
        answerIcmp(Refusal.Cause.NO_PORT, 0, nowMillis);
      }
    }
    return false;
  }

  private void refuse(long nowMillis) {
    drops.count(DropReason.NO_ROUTE);
    answerIcmp(Refusal.Cause.NO_ROUTE, 0, nowMillis);
  }

  private void answerIcmp(Refusal.Cause cause, int mtu, long nowMillis) {
    // The node network does not know the Pods' gateway.
    boolean ipv4 = packet.isIpv4();
    Route back =
        ipv4
            ? routes.lookup(0, IpAddress.mapped(packet.ipv4().source()))
            : routes.lookup(packet.ipv6().sourceHigh(), packet.ipv6().sourceLow());
    IpAddress node = config.node(ipv4);
    IpAddress source = back instanceof Route.External && node != null ? node : config.gateway(ipv4);
    if (source != null) {
      answer(refusal.icmp(source, packet, cause, mtu, nowMillis), nowMillis);
    }
  }

  /** Sends an error or reset to the packet's sender, translated as the packet's answers are. */
  private void answer(@Nullable Frame frame, long nowMillis) {
    if (frame == null || answer.parse(frame, ipOffset(frame)) != null) {
      return;
    }
    if (packet.connection() != null) {
      answer.attach(packet.connection(), !packet.isReply());
    } else {
      // A packet that has waited for its neighbour was translated before: find out for whom.
      conntrack.track(answer, nowMillis);
    }
    translation.destination(answer, nowMillis);
    translation.source(answer, nowMillis);
    Route route = routes.lookup(answer.key().destinationHigh(), answer.key().destinationLow());
    if (route != null) {
      egress.send(frame, route, answer.key(), nowMillis);
    }
  }

  /** Tells the sender of a packet whose next hop did not say its MAC address. */
  void unreachable(Frame frame, long nowMillis) {
    if (packet.parse(frame, ipOffset(frame)) == null) {
      answerIcmp(Refusal.Cause.NO_NEIGHBOR, 0, nowMillis);
    }
  }

  private boolean isOwnSource() {
    GatewayConfig.Family family = config.family(packet.isIpv4());
    if (family == null) {
      return false;
    }
    IpAddress node = family.node();
    return packet.key().isFrom(family.gateway()) || node != null && packet.key().isFrom(node);
  }

  private static int ipOffset(Frame frame) {
    return frame.start() + EthernetView.HEADER_LENGTH;
  }
}
