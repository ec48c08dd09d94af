package io.podwire.agent.tunnel;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.HeldMemory;
import io.podwire.netstack.impair.LinkImpairments;
import io.podwire.netstack.impair.stream.StreamFaults;
import io.podwire.netstack.link.Frame;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A Pod's link, or the node's uplink, while faults act on it; it stays while the Pod is away.
 *
 * <pre>
 * Pod → streams → packets (egress) → bridge or tunnel → packets (ingress) → streams → Pod
 * </pre>
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class FaultedLink {

  private final String pod;
  private final NodeDatapath datapath;
  private final Runnable held;
  private final LinkImpairments egress;
  private final LinkImpairments ingress;
  private final StreamFaults streams;

  /** What comes in while streams are at work, such as the gateway's answer to what they sent. */
  private final Queue<Frame> arrivals = new ArrayDeque<>(0);

  private @Nullable BridgePort port;
  private boolean busy;

  /**
   * @param pod empty for the node's uplink
   * @param seed of the table of connections
   * @param memory for packets that are held
   * @param held told after each packet: something may be due at another time now
   * @param losses hears of the packets that faults drop here
   */
  FaultedLink(
      String pod,
      long seed,
      NodeDatapath datapath,
      HeldMemory memory,
      Runnable held,
      LinkCaptures losses) {
    this.pod = pod;
    this.datapath = datapath;
    this.held = held;
    this.egress = new LinkImpairments(this::leave, datapath.drops(), memory);
    this.ingress = new LinkImpairments(this::toStreams, datapath.drops(), memory);
    egress.observe((by, cause, frame) -> losses.lost(pod, Direction.EGRESS, by, cause, frame));
    ingress.observe((by, cause, frame) -> losses.lost(pod, Direction.INGRESS, by, cause, frame));
    this.streams =
        new StreamFaults(
            seed,
            frame -> egress.transmit(frame, System.nanoTime()),
            this::deliver,
            datapath.drops());
  }

  /** From the Pod or node into the network. */
  private boolean leave(Frame frame) {
    if (pod.isEmpty()) {
      return datapath.leaveForTunnel(frame);
    }
    BridgePort attached = port;
    if (attached != null) {
      datapath.enterFromPod(attached, frame, NodeLoop.nowMillis());
    }
    return attached != null;
  }

  /** From the network to the Pod or node. */
  private boolean deliver(Frame frame) {
    if (pod.isEmpty()) {
      return datapath.enterFromTunnel(frame, NodeLoop.nowMillis());
    }
    BridgePort attached = port;
    return attached != null && attached.sink().transmit(frame);
  }

  private boolean takeOutgoing(Frame frame) {
    long now = System.nanoTime();
    boolean taken;
    if (streams.isEmpty()) {
      taken = egress.transmit(frame, now);
    } else {
      busy = true;
      taken = streams.transmit(Direction.EGRESS, frame, now);
      settle(now);
    }
    held.run();
    return taken;
  }

  private boolean takeIncoming(Frame frame) {
    boolean taken = ingress.transmit(frame, System.nanoTime());
    held.run();
    return taken;
  }

  private boolean toStreams(Frame frame) {
    if (streams.isEmpty()) {
      return deliver(frame);
    }
    if (busy) {
      arrivals.add(frame.copy());
      return true;
    }
    long now = System.nanoTime();
    busy = true;
    boolean taken = streams.transmit(Direction.INGRESS, frame, now);
    settle(now);
    return taken;
  }

  private void settle(long now) {
    for (Frame next = arrivals.poll(); next != null; next = arrivals.poll()) {
      streams.transmit(Direction.INGRESS, next, now);
    }
    busy = false;
  }

  /** The Pod is there: its packets come here from now on. */
  void attach(@Nullable BridgePort attached) {
    port = attached;
    if (pod.isEmpty()) {
      datapath.divertTunnelOutput(this::takeOutgoing);
      datapath.divertTunnelInput(this::takeIncoming);
    } else if (attached != null) {
      attached.divertInput(this::takeOutgoing);
      attached.divertOutput(this::takeIncoming);
    }
  }

  void detach() {
    port = null;
  }

  /** Packets go their usual way again. */
  void close() {
    BridgePort attached = port;
    if (pod.isEmpty()) {
      datapath.divertTunnelOutput(null);
      datapath.divertTunnelInput(null);
    } else if (attached != null) {
      attached.divertInput(null);
      attached.divertOutput(null);
    }
  }

  LinkImpairments packets(Direction direction) {
    return direction == Direction.EGRESS ? egress : ingress;
  }

  StreamFaults streams() {
    return streams;
  }

  boolean isEmpty() {
    return egress.isEmpty() && ingress.isEmpty() && streams.isEmpty();
  }

  long nextRelease() {
    return Math.min(streams.nextRelease(), Math.min(egress.nextRelease(), ingress.nextRelease()));
  }

  void advance(long now) {
    busy = true;
    streams.advance(now);
    settle(now);
    egress.advance(now);
    ingress.advance(now);
  }
}
