package io.podwire.agent.tunnel;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.LinkFault;
import io.podwire.netstack.impair.LinkImpairments;
import io.podwire.netstack.impair.LossObserver;
import io.podwire.netstack.impair.RunningFault;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a Pod's link, or of the node's uplink, while faults act on it; it stays while
 * the Pod is away.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class FaultedLink {

  private final String pod;
  private final Direction direction;
  private final NodeDatapath datapath;
  private final Runnable held;
  private final LinkImpairments impairments;
  private @Nullable BridgePort port;

  /**
   * @param pod empty for the node's uplink
   * @param held told after each packet: something may be due at another time now
   * @param losses hears of the packets that faults drop here
   */
  FaultedLink(
      String pod, Direction direction, NodeDatapath datapath, Runnable held, LossObserver losses) {
    this.pod = pod;
    this.direction = direction;
    this.datapath = datapath;
    this.held = held;
    this.impairments = new LinkImpairments(output(), datapath.drops());
    impairments.observe(losses);
    if (pod.isEmpty()) {
      divert(this::transmit);
    }
  }

  private FrameSink output() {
    if (pod.isEmpty()) {
      return direction == Direction.EGRESS
          ? datapath::leaveForTunnel
          : frame -> datapath.enterFromTunnel(frame, NodeLoop.nowMillis());
    }
    return direction == Direction.EGRESS ? this::enter : this::deliver;
  }

  private boolean enter(Frame frame) {
    BridgePort attached = port;
    if (attached != null) {
      datapath.enterFromPod(attached, frame, NodeLoop.nowMillis());
    }
    return attached != null;
  }

  private boolean deliver(Frame frame) {
    BridgePort attached = port;
    return attached != null && attached.sink().transmit(frame);
  }

  private boolean transmit(Frame frame) {
    boolean taken = impairments.transmit(frame, System.nanoTime());
    held.run();
    return taken;
  }

  /** The Pod is there: its packets come here from now on. */
  void attach(BridgePort attached) {
    port = attached;
    divert(this::transmit);
  }

  void detach() {
    port = null;
  }

  private void divert(@Nullable FrameSink place) {
    BridgePort attached = port;
    if (pod.isEmpty()) {
      if (direction == Direction.EGRESS) {
        datapath.divertTunnelOutput(place);
      } else {
        datapath.divertTunnelInput(place);
      }
    } else if (attached != null) {
      if (direction == Direction.EGRESS) {
        attached.divertInput(place);
      } else {
        attached.divertOutput(place);
      }
    }
  }

  RunningFault put(LinkFault fault) {
    return impairments.put(fault, System.nanoTime());
  }

  void remove(String id) {
    impairments.remove(id, System.nanoTime());
  }

  boolean isEmpty() {
    return impairments.isEmpty();
  }

  long nextRelease() {
    return impairments.nextRelease();
  }

  void advance(long nowNanos) {
    impairments.advance(nowNanos);
  }

  /** Packets go their usual way again. */
  void close() {
    divert(null);
  }
}
