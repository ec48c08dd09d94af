package io.podwire.netstack.vxlan;

import io.podwire.netstack.link.AddressKey;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.PortCounters;
import io.podwire.packet.Defect;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encapsulation to and from the other nodes (RFC 7348): only known peers and the cluster's VNI are
 * accepted, everything else is counted and dropped.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class VxlanTunnel {

  private final int vni;
  private final TunnelSocket socket;
  private final DropCounters drops;
  private final Map<AddressKey, Vtep> peers = new HashMap<>();
  private final AddressKey probe = new AddressKey();
  private final PortCounters counters = new PortCounters();
  private final VxlanView vxlan = new VxlanView();

  public VxlanTunnel(Vni vni, TunnelSocket socket, DropCounters drops) {
    this.vni = vni.value();
    this.socket = socket;
    this.drops = drops;
  }

  public void putPeer(Vtep peer) {
    peers.put(AddressKey.of(peer.address()), peer);
  }

  /** Removes a peer; another one that has taken its address stays. */
  public void removePeer(Vtep peer) {
    peers.remove(AddressKey.of(peer.address()), peer);
  }

  public Collection<Vtep> peers() {
    return peers.values();
  }

  public PortCounters counters() {
    return counters;
  }

  /**
   * Strips the VXLAN header from a received datagram's payload.
   *
   * @return the peer it came from, or null where it was dropped
   */
  public @Nullable Vtep decapsulate(Frame payload, int sourceAddress) {
    counters.received(payload.length());
    Vtep peer = peers.get(probe.at(0, IpAddress.mapped(sourceAddress)));
    DropReason refused = null;
    if (peer == null) {
      refused = DropReason.UNKNOWN_PEER;
    } else if (vxlan.wrap(payload.buffer(), payload.start(), payload.length()).check()
        != Defect.NONE) {
      refused = DropReason.MALFORMED_VXLAN;
    } else if (vxlan.vni() != vni) {
      refused = DropReason.UNKNOWN_VNI;
    }
    if (refused != null) {
      counters.dropped();
      drops.count(refused);
      return null;
    }
    payload.advance(VxlanView.HEADER_LENGTH);
    return peer;
  }

  /** Sends a frame to a peer; the frame is encapsulated in place. */
  public void send(Vtep peer, Frame frame, int flowHash) {
    if (frame.segmentSize() > 0) {
      counters.dropped();
      drops.count(DropReason.FRAME_TOO_LARGE);
      return;
    }
    frame.completeChecksum();
    frame.prepend(VxlanView.HEADER_LENGTH);
    vxlan.wrap(frame.buffer(), frame.start(), frame.length()).set(vni);
    int length = frame.length();
    boolean sent = socket.send(peer.address().ipv4Bits(), peer.port(), flowHash, frame);
    // A flooded frame is sent to several peers: leave it as it came.
    frame.advance(VxlanView.HEADER_LENGTH);
    if (sent) {
      counters.sent(length);
    } else {
      counters.dropped();
      drops.count(DropReason.TRANSMIT_FAILED);
    }
  }
}
