package io.podwire.agent.tunnel;

import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.podwire.linux.Tap;
import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.LinkFault;
import io.podwire.netstack.impair.RunningFault;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The links of the node that faults act on, and the timer that lets their packets go; links without
 * faults know nothing of it.
 *
 * <p>Not thread-safe; confined to the node's event loop, whose timer (timerfd) is exact to some ten
 * microseconds.
 */
public final class FaultedLinks {

  /** The node's own uplink, in place of a Pod. */
  public static final String UPLINK = "";

  private record Key(String pod, Direction direction) {}

  private record Attached(BridgePort port, Tap tap) {}

  private final IoEventLoop loop;
  private final NodeDatapath datapath;
  private final LinkCaptures captures;
  private final Map<Key, FaultedLink> links = new HashMap<>();
  private final Map<String, Attached> pods = new HashMap<>();
  private final Set<String> withoutCarrier = new HashSet<>();
  private @Nullable ScheduledFuture<?> timer;
  private long timerNanos = Long.MAX_VALUE;

  FaultedLinks(IoEventLoop loop, NodeDatapath datapath, LinkCaptures captures) {
    this.loop = loop;
    this.datapath = datapath;
    this.captures = captures;
  }

  /** Whether packets of the Pod would pass here now; always for the uplink. */
  public boolean isAttached(String pod) {
    return pod.equals(UPLINK) || pods.containsKey(pod);
  }

  /**
   * Has a fault act on one direction of a link, in place of the one of its id.
   *
   * @param pod {@code namespace/name}, or {@link #UPLINK}; it need not be there yet
   */
  public RunningFault put(String pod, Direction direction, LinkFault fault) {
    FaultedLink link = links.get(new Key(pod, direction));
    if (link == null) {
      link =
          new FaultedLink(
              pod,
              direction,
              datapath,
              this::arm,
              (by, cause, frame) -> captures.lost(pod, direction, by, cause, frame));
      links.put(new Key(pod, direction), link);
      Attached attached = pods.get(pod);
      if (attached != null) {
        link.attach(attached.port());
      }
    }
    RunningFault running = link.put(fault);
    settle();
    return running;
  }

  /** Ends a fault on one direction of a link; what it held goes on at once. Idempotent. */
  public void remove(String pod, Direction direction, String id) {
    Key key = new Key(pod, direction);
    FaultedLink link = links.get(key);
    if (link != null) {
      link.remove(id);
      if (link.isEmpty()) {
        link.close();
        links.remove(key);
      }
      settle();
    }
  }

  /** Takes a Pod's carrier away, or gives it back; a Pod that comes later is treated alike. */
  public void setCarrier(String pod, boolean carrier) {
    if (carrier ? withoutCarrier.remove(pod) : withoutCarrier.add(pod)) {
      Attached attached = pods.get(pod);
      if (attached != null) {
        attached.tap().setCarrier(carrier);
      }
    }
  }

  void attached(String pod, BridgePort port, Tap tap) {
    pods.put(pod, new Attached(port, tap));
    for (Direction direction : Direction.values()) {
      FaultedLink link = links.get(new Key(pod, direction));
      if (link != null) {
        link.attach(port);
      }
    }
    if (withoutCarrier.contains(pod)) {
      tap.setCarrier(false);
    }
  }

  void detached(String pod) {
    pods.remove(pod);
    for (Direction direction : Direction.values()) {
      FaultedLink link = links.get(new Key(pod, direction));
      if (link != null) {
        link.detach();
      }
    }
  }

  /** What was let go may wait in the tunnel's batch. */
  private void settle() {
    datapath.flush();
    arm();
  }

  private void arm() {
    long next = Long.MAX_VALUE;
    for (FaultedLink link : links.values()) {
      next = Math.min(next, link.nextRelease());
    }
    if (next >= timerNanos) {
      return;
    }
    ScheduledFuture<?> later = timer;
    if (later != null) {
      later.cancel(false);
    }
    timerNanos = next;
    timer =
        loop.schedule(this::advance, Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private void advance() {
    timer = null;
    timerNanos = Long.MAX_VALUE;
    long now = System.nanoTime();
    for (FaultedLink link : links.values()) {
      link.advance(now);
    }
    settle();
  }
}
