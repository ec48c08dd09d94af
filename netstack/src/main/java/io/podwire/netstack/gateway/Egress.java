package io.podwire.netstack.gateway;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.bridge.VirtualBridge;
import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.flow.FlowCache;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.PortCounters;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.netstack.neighbor.DiscoveryFrames;
import io.podwire.netstack.neighbor.NeighborCache;
import io.podwire.netstack.route.Route;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.vxlan.VxlanTunnel;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last steps of a routed packet: resolve the next hop, write the Ethernet header, hand it to
 * the bridge, the tunnel or the node's kernel.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class Egress {

  /** Tells the sender that a neighbour did not answer. */
  @FunctionalInterface
  interface Unreachable {
    void unreachable(Frame frame, long nowMillis);
  }

  private final GatewayConfig config;
  private final VxlanTunnel tunnel;
  private final FrameSink kernel;
  private final DropCounters drops;
  private final PortCounters kernelCounters = new PortCounters();
  private final NeighborCache pods;
  private final NeighborCache vteps;
  private final Map<IpAddress, Vtep> vtepsByGateway = new HashMap<>();
  private final EthernetView ethernet = new EthernetView();
  private final BridgeLink bridge;
  private final FlowCache flows;

  /** The bridge is built around the gateway, so it is handed over when it is there. */
  @FunctionalInterface
  interface BridgeLink {
    VirtualBridge get();
  }

  Egress(
      GatewayConfig config,
      BridgeLink bridge,
      VxlanTunnel tunnel,
      FrameSink kernel,
      FlowCache flows,
      DropCounters drops,
      Unreachable unreachable) {
    this.config = config;
    this.flows = flows;
    this.bridge = bridge;
    this.tunnel = tunnel;
    this.kernel = kernel;
    this.drops = drops;
    this.pods =
        new NeighborCache(
            this::solicitPod,
            waiting(
                config.gatewayMac(), (target, frame) -> bridge.get().send(frame, 0), unreachable),
            drops);
    this.vteps =
        new NeighborCache(
            this::solicitVtep, waiting(config.vtepMac(), this::sendToVtep, unreachable), drops);
  }

  @FunctionalInterface
  private interface Output {
    void send(IpAddress nextHop, Frame frame);
  }

  private NeighborCache.Waiting waiting(MacAddress own, Output output, Unreachable unreachable) {
    return new NeighborCache.Waiting() {
      @Override
      public void resolved(IpAddress nextHop, Frame frame, MacAddress mac) {
        address(frame, mac, own);
        output.send(nextHop, frame);
      }

      @Override
      public void unreachable(Frame frame, long nowMillis) {
        unreachable.unreachable(frame, nowMillis);
      }
    };
  }

  NeighborCache pods() {
    return pods;
  }

  NeighborCache vteps() {
    return vteps;
  }

  PortCounters kernelCounters() {
    return kernelCounters;
  }

  void putVtep(Vtep vtep) {
    vtepsByGateway.put(vtep.gateway(), vtep);
    if (vtep.mac() != null) {
      vteps.pin(vtep.gateway(), vtep.mac());
    }
  }

  void removeVtep(Vtep vtep) {
    if (vtepsByGateway.remove(vtep.gateway(), vtep)) {
      vteps.remove(vtep.gateway());
    }
  }

  /** The largest IP packet that a route's link carries. */
  int mtu(Route route) {
    return route instanceof Route.External || route instanceof Route.Local
        ? config.nodeMtu()
        : config.podMtu();
  }

  /**
   * Sends a packet to where its route leads.
   *
   * @param flow its tuple as it leaves
   */
  void send(Frame frame, Route route, FlowKey flow, long nowMillis) {
    switch (route) {
      case Route.Bridged bridged -> {
        MacAddress mac = pods.lookup(flow.destinationHigh(), flow.destinationLow());
        if (mac == null) {
          pods.await(flow.destination(), frame, nowMillis);
        } else {
          address(frame, mac, config.gatewayMac());
          if (flows.isWatching(frame)) {
            noteBridged(frame, mac);
          }
          bridge.get().send(frame, nowMillis);
        }
      }
      case Route.Overlay overlay -> {
        Vtep peer = overlay.peer();
        MacAddress mac = peer.mac() != null ? peer.mac() : vteps.lookup(peer.gateway());
        if (mac == null) {
          vteps.await(peer.gateway(), frame, nowMillis);
        } else {
          address(frame, mac, config.vtepMac());
          if (flows.isWatching(frame)) {
            flows.leaves(frame, null, peer, flow.hashCode(), config.podMtu());
          }
          tunnel.send(peer, frame, flow.hashCode());
        }
      }
      case Route.Local local -> toKernel(frame, FlowCache.ANY_LENGTH);
      case Route.External external -> toKernel(frame, config.nodeMtu());
      case Route.ServiceNetwork service -> drops.count(DropReason.SERVICE_UNKNOWN);
      case Route.Unreachable unreachable -> drops.count(DropReason.NO_ROUTE);
    }
  }

  private void noteBridged(Frame frame, MacAddress mac) {
    BridgePort port = bridge.get().pinned(mac.value());
    if (port != null) {
      flows.leaves(frame, port, null, 0, config.podMtu());
    }
  }

  private void toKernel(Frame frame, int mtu) {
    address(frame, config.kernelMac(), config.gatewayMac());
    if (flows.isWatching(frame)) {
      flows.leaves(frame, null, null, 0, mtu);
    }
    sendToKernel(frame);
  }

  /** Hands a frame that is addressed already to the node's kernel. */
  void sendToKernel(Frame frame) {
    int packets = frame.packets();
    int bytes = frame.wireLength();
    if (kernel.transmit(frame)) {
      kernelCounters.sent(packets, bytes);
    } else {
      kernelCounters.dropped();
      drops.count(DropReason.TRANSMIT_FAILED);
    }
  }

  private void solicitPod(IpAddress target) {
    Frame question = question(config.gatewayMac(), target);
    if (question != null) {
      bridge.get().send(question, 0);
    }
  }

  /** Asks by ARP or neighbour discovery; null where the node has no address to ask with. */
  private @Nullable Frame question(MacAddress sender, IpAddress target) {
    IpAddress own = config.gateway(target.isIpv4());
    if (own == null) {
      return null;
    }
    return target.isIpv4()
        ? ArpFrames.request(sender, own, target)
        : DiscoveryFrames.solicitation(sender, own, target);
  }

  private void solicitVtep(IpAddress gateway) {
    Vtep peer = vtepsByGateway.get(gateway);
    Frame question = question(config.vtepMac(), gateway);
    if (peer != null && question != null) {
      tunnel.transmit(peer, question, gateway.hashCode());
    }
  }

  private void sendToVtep(IpAddress gateway, Frame frame) {
    Vtep peer = vtepsByGateway.get(gateway);
    if (peer != null) {
      tunnel.send(peer, frame, gateway.hashCode());
    }
  }

  private void address(Frame frame, MacAddress destination, MacAddress source) {
    ethernet
        .wrap(frame.buffer(), frame.start(), frame.length())
        .setDestination(destination.value())
        .setSource(source.value());
  }
}
