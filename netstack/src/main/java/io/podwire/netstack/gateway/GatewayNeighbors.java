package io.podwire.netstack.gateway;

import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.netstack.neighbor.DiscoveryFrames;
import io.podwire.netstack.neighbor.DiscoveryView;
import io.podwire.netstack.neighbor.NeighborDiscovery;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.vxlan.VxlanTunnel;
import io.podwire.packet.ArpView;
import io.podwire.packet.Defect;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;

/**
 * Answers for the gateway's addresses on its three sides, to Pods, to other nodes and to the node's
 * kernel, and learns from what they answer (RFC 826, RFC 4861).
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class GatewayNeighbors {

  private final GatewayConfig config;
  private final Egress egress;
  private final Egress.BridgeLink bridge;
  private final VxlanTunnel tunnel;
  private final DropCounters drops;
  private final boolean routesIpv6;
  private final NeighborDiscovery forPods;
  private final NeighborDiscovery forPeers;
  private final NeighborDiscovery forKernel;
  private final DiscoveryView discovery = new DiscoveryView();
  private final ArpView arp = new ArpView();

  GatewayNeighbors(
      GatewayConfig config,
      Egress egress,
      Egress.BridgeLink bridge,
      VxlanTunnel tunnel,
      DropCounters drops) {
    this.config = config;
    this.egress = egress;
    this.bridge = bridge;
    this.tunnel = tunnel;
    this.drops = drops;
    IpAddress own = config.gateway(false);
    IpAddress linkLocal = DiscoveryFrames.linkLocal(config.gatewayMac());
    IpAddress kernel = DiscoveryFrames.linkLocal(config.kernelMac());
    routesIpv6 = own != null;
    forPods =
        NeighborDiscovery.of(
            config.gatewayMac(), own == null ? List.of(linkLocal) : List.of(linkLocal, own));
    forPeers = NeighborDiscovery.of(config.vtepMac(), own == null ? List.of() : List.of(own));
    forKernel =
        NeighborDiscovery.forAllBut(
            config.gatewayMac(), own == null ? List.of(kernel) : List.of(kernel, own));
  }

  /** Whether an IPv6 frame is a solicitation or an advertisement: the next calls are about it. */
  boolean isDiscovery(Frame frame) {
    return discovery.read(frame);
  }

  /** Takes a Pod's; false where it is of no concern to the gateway. */
  boolean discoverPod(long nowMillis) {
    if (discovery.isAdvertisement()) {
      long mac = discovery.linkLayer() == -1 ? discovery.senderMac() : discovery.linkLayer();
      egress.pods().learn(discovery.target(), new MacAddress(mac), nowMillis);
      return routesIpv6;
    }
    Frame advertisement = forPods.answer(discovery);
    if (advertisement != null) {
      bridge.get().send(advertisement, nowMillis);
    }
    return advertisement != null;
  }

  /** Takes another node's. */
  void discoverPeer(Vtep peer, long nowMillis) {
    if (discovery.isAdvertisement()) {
      // A node may speak for its own gateway address only.
      if (discovery.isFor(peer.gateway())) {
        long mac = discovery.linkLayer() == -1 ? discovery.senderMac() : discovery.linkLayer();
        egress.vteps().learn(peer.gateway(), new MacAddress(mac), nowMillis);
      }
      return;
    }
    Frame advertisement = forPeers.answer(discovery);
    if (advertisement != null) {
      tunnel.transmit(peer, advertisement, peer.gateway().hashCode());
    }
  }

  /** Takes the kernel's. */
  void discoverKernel() {
    Frame advertisement = forKernel.answer(discovery);
    if (advertisement != null) {
      egress.sendToKernel(advertisement);
    }
  }

  /** Takes a Pod's ARP. */
  void arpFromPod(Frame frame, long nowMillis) {
    if (!readArp(frame)) {
      return;
    }
    if (arp.operation() == ArpView.REPLY) {
      egress.pods().learn(senderIp(), senderMac(), nowMillis);
    } else if (arp.operation() == ArpView.REQUEST && targetIp().equals(config.gateway(true))) {
      bridge.get().send(ArpFrames.reply(arp, config.gatewayMac()), nowMillis);
    }
  }

  /** Takes another node's ARP. */
  void arpFromPeer(Vtep peer, Frame frame, long nowMillis) {
    if (!readArp(frame)) {
      return;
    }
    // A node may speak for its own gateway address only.
    if (senderIp().equals(peer.gateway())) {
      egress.vteps().learn(senderIp(), senderMac(), nowMillis);
    }
    if (arp.operation() == ArpView.REQUEST && targetIp().equals(config.gateway(true))) {
      Frame reply = ArpFrames.reply(arp, config.vtepMac());
      tunnel.transmit(peer, reply, senderIp().hashCode());
    }
  }

  /**
   * The kernel's device stands for all Pods and Services, and for the node's own address where
   * answers from outside are steered to us: whoever it asks for is here, but for itself.
   */
  void arpFromKernel(Frame frame) {
    if (readArp(frame)
        && arp.operation() == ArpView.REQUEST
        && !targetIp().equals(config.gateway(true))) {
      egress.sendToKernel(ArpFrames.reply(arp, config.gatewayMac()));
    }
  }

  private boolean readArp(Frame frame) {
    int offset = frame.start() + EthernetView.HEADER_LENGTH;
    if (arp.wrap(frame.buffer(), offset, frame.end() - offset).check() == Defect.NONE) {
      return true;
    }
    drops.count(DropReason.MALFORMED_ARP);
    return false;
  }

  private IpAddress senderIp() {
    return IpAddress.ofIpv4(arp.senderIp());
  }

  private MacAddress senderMac() {
    return new MacAddress(arp.senderMac());
  }

  private IpAddress targetIp() {
    return IpAddress.ofIpv4(arp.targetIp());
  }
}
