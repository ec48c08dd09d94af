package io.podwire.netstack.vxlan;

import io.podwire.netstack.capture.LinkTap;
import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.link.AddressKey;
import io.podwire.netstack.link.Coalescer;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.PortCounters;
import io.podwire.netstack.link.Segmenter;
import io.podwire.packet.Defect;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encapsulation to and from the other nodes (RFC 7348): only known peers and the cluster's VNI are
 * accepted, everything else is counted and dropped.
 *
 * <p>Frames larger than the MTU are segmented here on their way out, and what arrives together is
 * joined again. What is sent leaves with {@link #flush} at the latest. Not thread-safe; confined to
 * the node's event loop.
 */
public final class VxlanTunnel {

  /** Takes the inner frames that have arrived; each is lent. */
  @FunctionalInterface
  public interface Receiver {
    void receive(Vtep peer, Frame frame, long nowMillis);
  }

  private static final Vtep NOBODY =
      new Vtep("", IpAddress.ofIpv4(0), 0, MacAddress.ZERO, IpAddress.ofIpv4(0));

  private final int vni;
  private final TunnelSocket socket;
  private final DropCounters drops;
  private final Map<AddressKey, Vtep> peers = new HashMap<>();
  private final AddressKey probe = new AddressKey();
  private final PortCounters counters = new PortCounters();
  private final VxlanView vxlan = new VxlanView();
  private final TunnelBatch batch;
  private final Segmenter segmenter = new Segmenter();
  private final UnfinishedPacket unfinished;
  private final Receiver receiver;
  private final Coalescer coalescer = new Coalescer(this::deliver);
  private Vtep sender = NOBODY;
  private long receivedMillis;
  private int wholeSegmentSize;
  private @Nullable FrameSink output;
  private @Nullable LinkTap tap;
  private boolean direct = true;

  /**
   * Opens the tunnel.
   *
   * @param mtu the largest inner IP packet
   */
  public VxlanTunnel(Vni vni, int mtu, TunnelSocket socket, Receiver receiver, DropCounters drops) {
    this.vni = vni.value();
    this.socket = socket;
    this.receiver = receiver;
    this.drops = drops;
    this.unfinished = new UnfinishedPacket(mtu);
    this.batch = new TunnelBatch(socket.buffer(Frame.HEADROOM + TunnelBatch.CAPACITY), NOBODY);
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
   * Takes the payloads of datagrams that have arrived together from one sender: one, or where the
   * frame has a segment size several of that length, the last of which may be shorter. The buffer
   * is used up.
   *
   * @param sourceHigh first half of the outer source, as in {@link IpAddress}
   * @param sourceLow its second half
   */
  public void receive(Frame payload, long sourceHigh, long sourceLow, long nowMillis) {
    int start = payload.start();
    int end = payload.end();
    int size = payload.segmentSize() == 0 ? end - start : payload.segmentSize();
    Vtep peer = peers.get(probe.at(sourceHigh, sourceLow));
    if (peer == null) {
      int count = Math.max(1, (end - start + size - 1) / Math.max(1, size));
      counters.received(count, end - start);
      for (int i = 0; i < count; i++) {
        refuse(DropReason.UNKNOWN_PEER);
      }
      return;
    }
    sender = peer;
    receivedMillis = nowMillis;
    wholeSegmentSize = 0;
    if (size >= end - start) {
      receiveOne(payload, start, end);
      return;
    }
    payload.reset(start, end - start);
    payload.advance(Math.min(VxlanView.HEADER_LENGTH, payload.length()));
    int inner = unfinished.innerLength(payload);
    if (inner > 0 && inner <= size - VxlanView.HEADER_LENGTH) {
      receiveSeveral(payload, start, end, size);
    } else if (inner == payload.length()) {
      wholeSegmentSize = size;
      receiveOne(payload, start, end);
    } else {
      counters.received(1, end - start);
      refuse(DropReason.MALFORMED_VXLAN);
    }
  }

  private void receiveOne(Frame payload, int start, int end) {
    if (decapsulate(payload, start, end - start)) {
      deliver(payload);
    }
  }

  private void receiveSeveral(Frame payload, int start, int end, int size) {
    for (int at = start; at < end; at += size) {
      if (decapsulate(payload, at, Math.min(size, end - at))) {
        coalescer.add(payload);
      }
    }
    coalescer.flush(payload);
  }

  /** Strips the VXLAN header of one datagram; false where it was dropped. */
  private boolean decapsulate(Frame payload, int at, int length) {
    payload.reset(at, length);
    counters.received(1, length);
    if (vxlan.wrap(payload.buffer(), at, length).check() != Defect.NONE) {
      refuse(DropReason.MALFORMED_VXLAN);
    } else if (vxlan.vni() != vni) {
      refuse(DropReason.UNKNOWN_VNI);
    } else {
      payload.advance(VxlanView.HEADER_LENGTH);
      return true;
    }
    return false;
  }

  private void deliver(Frame frame) {
    if (!frame.checksumPending() && unfinished.restore(frame, wholeSegmentSize)) {
      counters.received(frame.packets() - 1, frame.wireLength() - frame.length());
    }
    receiver.receive(sender, frame, receivedMillis);
  }

  private void refuse(DropReason reason) {
    counters.dropped();
    drops.count(reason);
  }

  /**
   * Has frames go to another place before they are encapsulated, which hands on to {@link
   * #transmit}; null ends that.
   */
  public void divertOutput(@Nullable FrameSink place) {
    output = place;
    direct = place == null && tap == null;
  }

  /** Has a tap see frames before they are encapsulated or diverted; null for none. */
  public void tap(@Nullable LinkTap next) {
    tap = next;
    direct = output == null && next == null;
  }

  /** Takes a frame for a peer, which is left as it came but for a checksum that was pending. */
  public void send(Vtep peer, Frame frame, int flowHash) {
    if (direct) {
      transmit(peer, frame, flowHash);
    } else {
      sendAside(peer, frame, flowHash);
    }
  }

  private void sendAside(Vtep peer, Frame frame, int flowHash) {
    FrameSink place = output;
    FrameSink next =
        place != null
            ? place
            : sent -> {
              transmit(peer, sent, flowHash);
              return true;
            };
    LinkTap seen = tap;
    if (seen == null) {
      next.transmit(frame);
    } else {
      seen.pass(Direction.EGRESS, frame, next, place == null);
    }
  }

  /** As {@link #send}, past every other place. */
  public void transmit(Vtep peer, Frame frame, int flowHash) {
    int bucket = flowHash & TunnelSocket.FLOW_BUCKETS - 1;
    if (frame.segmentSize() == 0) {
      frame.completeChecksum();
      int length = VxlanView.HEADER_LENGTH + frame.length();
      if (!makeRoom(peer, bucket, length)) {
        refuse(DropReason.FRAME_TOO_LARGE);
        return;
      }
      int at = encapsulate(length);
      batch.buffer().put(at, frame.buffer(), frame.start(), frame.length());
      batch.add(peer, bucket, length);
    } else if (segmenter.wrap(frame)) {
      sendSegments(peer, bucket);
    } else {
      refuse(DropReason.MALFORMED_TRANSPORT);
    }
  }

  private void sendSegments(Vtep peer, int bucket) {
    for (int i = 0; i < segmenter.count(); i++) {
      int length = VxlanView.HEADER_LENGTH + segmenter.length(i);
      if (!makeRoom(peer, bucket, length)) {
        refuse(DropReason.FRAME_TOO_LARGE);
        return;
      }
      segmenter.write(i, batch.buffer(), encapsulate(length));
      batch.add(peer, bucket, length);
    }
  }

  /** Writes the VXLAN header; returns where the inner frame goes. */
  private int encapsulate(int length) {
    vxlan.wrap(batch.buffer(), batch.end(), length).set(vni);
    return batch.end() + VxlanView.HEADER_LENGTH;
  }

  private boolean makeRoom(Vtep peer, int bucket, int length) {
    if (!batch.takes(peer, bucket, length)) {
      flush();
    }
    return batch.takes(peer, bucket, length);
  }

  /** Sends what has been collected. */
  public void flush() {
    if (batch.isEmpty()) {
      return;
    }
    Vtep peer = batch.peer();
    int count = batch.count();
    int octets = batch.octets();
    Frame datagrams = batch.frame();
    if (socket.send(peer.address(), peer.port(), batch.bucket(), datagrams)) {
      counters.sent(count, octets);
    } else {
      for (int i = 0; i < count; i++) {
        refuse(DropReason.TRANSMIT_FAILED);
      }
    }
    batch.clear();
  }
}
