package io.podwire.netstack.gateway;

import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.DiscoveryView;
import io.podwire.netstack.route.Route;
import io.podwire.netstack.route.RouteTable;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.vxlan.VxlanTunnel;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Packets between nodes that were held on their way: what they are is read from their addresses
 * again, since peers may have come and gone meanwhile.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class Uplink {

  private final RouteTable routes;
  private final VxlanTunnel tunnel;
  private final DropCounters drops;
  private final EthernetView ethernet = new EthernetView();
  private final Ipv4View ipv4 = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();
  private final DiscoveryView discovery = new DiscoveryView();
  private boolean isIpv4;

  Uplink(RouteTable routes, VxlanTunnel tunnel, DropCounters drops) {
    this.routes = routes;
    this.tunnel = tunnel;
    this.drops = drops;
  }

  /** Whether the frame holds an IP packet, but for nodes' own questions for MAC addresses. */
  boolean isPacket(Frame frame) {
    if (ethernet.wrap(frame.buffer(), frame.start(), frame.length()).check() != Defect.NONE
        || ethernet.isTagged()) {
      return false;
    }
    int at = frame.start() + EthernetView.HEADER_LENGTH;
    int length = frame.end() - at;
    isIpv4 = ethernet.etherType() == EtherType.IPV4;
    if (isIpv4) {
      return ipv4.wrap(frame.buffer(), at, length).check() == Defect.NONE;
    }
    return ethernet.etherType() == EtherType.IPV6
        && ipv6.wrap(frame.buffer(), at, length).check() == Defect.NONE
        && !discovery.read(frame);
  }

  /** The node that a packet has come from; null where it is gone. */
  @Nullable Vtep sender(Frame frame) {
    return isPacket(frame)
        ? known(isIpv4 ? peer(ipv4.source()) : peer(ipv6.sourceHigh(), ipv6.sourceLow()))
        : null;
  }

  /** Sends a packet to the node of its destination; false where that is gone. */
  boolean send(Frame frame) {
    Vtep peer = isPacket(frame) ? known(receiver()) : null;
    if (peer != null) {
      int flow =
          isIpv4
              ? 31 * (31 * ipv4.source() + ipv4.destination()) + ipv4.protocol()
              : 31 * (31 * Long.hashCode(ipv6.sourceLow()) + Long.hashCode(ipv6.destinationLow()))
                  + ipv6.transportProtocol();
      tunnel.transmit(peer, frame, flow ^ flow >>> 16);
    }
    return peer != null;
  }

  private @Nullable Vtep peer(int address) {
    return peer(0, IpAddress.mapped(address));
  }

  private @Nullable Vtep receiver() {
    return isIpv4 ? peer(ipv4.destination()) : peer(ipv6.destinationHigh(), ipv6.destinationLow());
  }

  private @Nullable Vtep peer(long high, long low) {
    return routes.lookup(high, low) instanceof Route.Overlay overlay ? overlay.peer() : null;
  }

  private @Nullable Vtep known(@Nullable Vtep peer) {
    if (peer == null) {
      drops.count(DropReason.NO_ROUTE);
    }
    return peer;
  }
}
