package io.podwire.agent.tunnel;

import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.podwire.linux.Tap;
import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.HeldMemory;
import io.podwire.netstack.impair.LinkFault;
import io.podwire.netstack.impair.RunningFault;
import io.podwire.netstack.impair.stream.RunningStreamFault;
import io.podwire.netstack.impair.stream.StreamFault;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
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

  /** What packets that faults hold may take of the heap; the agent itself needs a tenth. */
  private static final int HELD_THIRDS = 2;

  private record Attached(BridgePort port, Tap tap) {}

  private final IoEventLoop loop;
  private final NodeDatapath datapath;
  private final RandomGenerator random;
  private final LinkCaptures captures;
  private final HeldMemory memory =
      new HeldMemory(Runtime.getRuntime().maxMemory() / 3 * HELD_THIRDS);
  private final Map<String, FaultedLink> links = new HashMap<>();
  private final Map<String, Attached> pods = new HashMap<>();
  private final Set<String> withoutCarrier = new HashSet<>();
  private @Nullable ScheduledFuture<?> timer;
  private long timerNanos = Long.MAX_VALUE;

  FaultedLinks(
      IoEventLoop loop, NodeDatapath datapath, LinkCaptures captures, RandomGenerator random) {
    this.loop = loop;
    this.random = random;
    this.datapath = datapath;
    this.captures = captures;
  }

  /** Whether packets of the Pod would pass here now; always for the uplink. */
  public boolean isAttached(String pod) {
    return pod.equals(UPLINK) || pods.containsKey(pod);
  }

  /**
   * Has a fault act on the packets of one direction of a link, in place of the one of its id.
   *
   * @param pod {@code namespace/name}, or {@link #UPLINK}; it need not be there yet
   */
  public RunningFault put(String pod, Direction direction, LinkFault fault) {
    RunningFault running = link(pod).packets(direction).put(fault, System.nanoTime());
    settle();
    return running;
  }

  /** As the other, on the connections of a link. */
  public RunningStreamFault put(String pod, StreamFault fault) {
    RunningStreamFault running = link(pod).streams().put(fault, System.nanoTime());
    settle();
    return running;
  }

  private FaultedLink link(String pod) {
    FaultedLink known = links.get(pod);
    if (known != null) {
      return known;
    }
    FaultedLink link =
        new FaultedLink(pod, random.nextLong(), datapath, memory, this::arm, captures);
    links.put(pod, link);
    Attached attached = pods.get(pod);
    link.attach(attached == null ? null : attached.port());
    return link;
  }

  /** Ends a fault on one direction of a link; what it held goes on at once. Idempotent. */
  public void remove(String pod, Direction direction, String id) {
    remove(pod, link -> link.packets(direction).remove(id, System.nanoTime()));
  }

  /** As the other, on the connections of a link. */
  public void removeStream(String pod, String id) {
    remove(pod, link -> link.streams().remove(id, System.nanoTime()));
  }

  private void remove(String pod, Consumer<FaultedLink> removal) {
    FaultedLink link = links.get(pod);
    if (link != null) {
      removal.accept(link);
      if (link.isEmpty()) {
        link.close();
        links.remove(pod);
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
    FaultedLink link = links.get(pod);
    if (link != null) {
      link.attach(port);
    }
    if (withoutCarrier.contains(pod)) {
      tap.setCarrier(false);
    }
  }

  void detached(String pod) {
    pods.remove(pod);
    FaultedLink link = links.get(pod);
    if (link != null) {
      link.detach();
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
    for (FaultedLink link : List.copyOf(links.values())) {
      link.advance(now);
    }
    settle();
  }
}
