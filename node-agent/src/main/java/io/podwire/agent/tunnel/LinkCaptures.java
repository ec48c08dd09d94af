package io.podwire.agent.tunnel;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.capture.LinkTap;
import io.podwire.netstack.capture.Recording;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.LinkFault;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.link.Frame;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The captures under way on links of the node; links without any know nothing of it.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class LinkCaptures {

  private final NodeDatapath datapath;
  private final Map<String, BridgePort> pods = new HashMap<>();
  private final Map<String, LinkTap> taps = new HashMap<>();
  private final Map<Recording, Runnable> ends = new HashMap<>();
  private final LongSupplier clock = epochNanos();

  LinkCaptures(NodeDatapath datapath) {
    this.datapath = datapath;
  }

  /** The wall clock, as it was at first and going on steadily. */
  private static LongSupplier epochNanos() {
    Instant now = Instant.now();
    long base = now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    return () -> base + System.nanoTime();
  }

  /**
   * Begins a capture.
   *
   * @param link a Pod as {@code namespace/name}, or {@link FaultedLinks#UPLINK}
   * @param gone told when the link goes away, after which nothing more is recorded
   * @return false where there is no such link
   */
  boolean start(String link, Recording recording, Runnable gone) {
    BridgePort port = pods.get(link);
    if (port == null && !link.equals(FaultedLinks.UPLINK)) {
      return false;
    }
    LinkTap tap = taps.get(link);
    if (tap == null) {
      tap = new LinkTap(datapath.drops(), clock);
      taps.put(link, tap);
      put(port, tap);
    }
    tap.add(recording);
    ends.put(recording, gone);
    return true;
  }

  /** Ends a capture; idempotent. */
  void stop(String link, Recording recording) {
    LinkTap tap = taps.get(link);
    if (tap != null && ends.remove(recording) != null) {
      tap.remove(recording);
      if (tap.isEmpty()) {
        taps.remove(link);
        put(pods.get(link), null);
      }
    }
  }

  private void put(@Nullable BridgePort port, @Nullable LinkTap tap) {
    if (port == null) {
      datapath.tapUplink(tap);
    } else {
      port.tap(tap);
    }
  }

  void attached(String pod, BridgePort port) {
    pods.put(pod, port);
  }

  void detached(String pod) {
    LinkTap tap = taps.remove(pod);
    if (tap != null) {
      put(pods.get(pod), null);
      for (Recording recording : tap.recordings()) {
        Runnable gone = ends.remove(recording);
        if (gone != null) {
          gone.run();
        }
      }
    }
    pods.remove(pod);
  }

  /** Hears of packets that faults drop. */
  void lost(String link, Direction direction, LinkFault fault, LossCause cause, Frame frame) {
    LinkTap tap = taps.get(link);
    if (tap != null) {
      tap.lost(direction, frame, "dropped by " + name(fault) + ": " + words(cause));
    }
  }

  /** The kind, the namespace and the name; an id may go on with the traffic that is meant. */
  private static String name(LinkFault fault) {
    String id = fault.id().split(" ", 2)[0];
    String[] parts = id.split("/", -1);
    return parts.length == 3 ? parts[1] + " " + parts[0] + "/" + parts[2] : "fault " + id;
  }

  private static String words(LossCause cause) {
    return switch (cause) {
      case RANDOM -> "random loss";
      case FOUR_STATE -> "4-state loss";
      case GILBERT_ELLIOTT -> "Gilbert-Elliott loss";
      default -> cause.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
