package io.podwire.netstack.filter;

import io.podwire.netstack.link.DropReason;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the ports of fragmented datagrams, so that later fragments, which carry none, follow
 * the first one's connection and translation (RFC 791, section 3.2).
 *
 * <p>Capped; entries last 30 s, as Linux's reassembly does. Not thread-safe; confined to the node's
 * event loop.
 */
public final class FragmentTable implements PacketHook {

  static final int CAPACITY = 4096;
  static final long TIMEOUT_MILLIS = 30_000;

  private record Datagram(long high, long low, long toHigh, long toLow, int protocol, int id) {}

  private record Ports(int source, int destination, long deadlineMillis) {}

  /** Oldest first. */
  private final LinkedHashMap<Datagram, Ports> datagrams = new LinkedHashMap<>();

  @Override
  public Verdict apply(Packet packet, long nowMillis) {
    boolean later = packet.isLaterFragment();
    if (!later && !packet.ipv4().moreFragments()) {
      return Verdict.ACCEPT;
    }
    expire(nowMillis);
    FlowKey key = packet.key();
    Datagram datagram =
        new Datagram(
            key.sourceHigh,
            key.sourceLow,
            key.destinationHigh,
            key.destinationLow,
            key.protocol,
            packet.ipv4().identification());
    if (!later) {
      datagrams.remove(datagram);
      if (datagrams.size() >= CAPACITY) {
        // Its fragments follow closely, so the oldest is the one least missed.
        datagrams.pollFirstEntry();
      }
      datagrams.put(
          datagram, new Ports(key.sourcePort, key.destinationPort, nowMillis + TIMEOUT_MILLIS));
      return Verdict.ACCEPT;
    }
    @Nullable Ports ports = datagrams.get(datagram);
    if (ports == null) {
      return packet.drop(DropReason.FRAGMENT_WITHOUT_FIRST);
    }
    key.sourcePort = ports.source;
    key.destinationPort = ports.destination;
    return Verdict.ACCEPT;
  }

  private void expire(long nowMillis) {
    for (Iterator<Ports> oldest = datagrams.values().iterator(); oldest.hasNext(); ) {
      if (oldest.next().deadlineMillis > nowMillis) {
        return;
      }
      oldest.remove();
    }
  }
}
