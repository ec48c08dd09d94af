package io.podwire.netstack.gateway;

import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.route.Route;
import io.podwire.netstack.route.RouteTable;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.vxlan.VxlanTunnel;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Packets between nodes that were held on their way: what they are is read from their addresses
 * again, since peers may have come and gone meanwhile.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class Uplink {

  /** The high half of an IPv4-mapped address. */
  private static final long MAPPED = 0;

  private final RouteTable routes;
  private final VxlanTunnel tunnel;
  private final DropCounters drops;
  private final EthernetView ethernet = new EthernetView();
  private final Ipv4View ip = new Ipv4View();

  Uplink(RouteTable routes, VxlanTunnel tunnel, DropCounters drops) {
    this.routes = routes;
    this.tunnel = tunnel;
    this.drops = drops;
  }

  /** Whether the frame holds an IPv4 packet; nodes' own questions for MAC addresses do not. */
  boolean isPacket(Frame frame) {
    if (ethernet.wrap(frame.buffer(), frame.start(), frame.length()).check() != Defect.NONE
        || ethernet.etherType() != EtherType.IPV4) {
      return false;
    }
    int header = EthernetView.HEADER_LENGTH;
    return ip.wrap(frame.buffer(), frame.start() + header, frame.length() - header).check()
        == Defect.NONE;
  }

  /** The node that a packet has come from; null where it is gone. */
  @Nullable Vtep sender(Frame frame) {
    return isPacket(frame) ? known(peer(ip.source())) : null;
  }

  /** Sends a packet to the node of its destination; false where that is gone. */
  boolean send(Frame frame) {
    Vtep peer = isPacket(frame) ? known(peer(ip.destination())) : null;
    if (peer != null) {
      int flow = 31 * (31 * ip.source() + ip.destination()) + ip.protocol();
      tunnel.transmit(peer, frame, flow ^ flow >>> 16);
    }
    return peer != null;
  }

  private @Nullable Vtep peer(int address) {
    return routes.lookup(MAPPED, IpAddress.mapped(address)) instanceof Route.Overlay overlay
        ? overlay.peer()
        : null;
  }

  private @Nullable Vtep known(@Nullable Vtep peer) {
    if (peer == null) {
      drops.count(DropReason.NO_ROUTE);
    }
    return peer;
  }
}
