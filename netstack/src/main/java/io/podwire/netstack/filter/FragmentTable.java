package io.podwire.netstack.filter;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.table.HashTable;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the ports of fragmented datagrams, so that later fragments, which carry none, follow
 * the first one's connection and translation (RFC 791, section 3.2; RFC 8200, section 4.5).
 *
 * <p>Capped; entries last 30 s, as Linux's reassembly does. Not thread-safe; confined to the node's
 * event loop.
 */
public final class FragmentTable implements PacketHook {

  static final int CAPACITY = 4096;
  static final long TIMEOUT_MILLIS = 30_000;

  /** Old datagrams looked at for each new one. */
  private static final int AGED_PER_DATAGRAM = 2;

  private final HashTable<FlowKey, Datagram> datagrams;

  /** By the time at which they are to be looked at. */
  private final ArrayDeque<Datagram> queue = new ArrayDeque<>(0);

  private final FlowKey probe = new FlowKey();

  /** A fragmented datagram; the identification takes the source port's place in the key. */
  private static final class Datagram extends FlowKey {
    int firstPort;
    int secondPort;
    long deadlineMillis;
    long queuedMillis;
  }

  /**
   * An empty table.
   *
   * @param seed unknown to whoever may send fragments
   */
  public FragmentTable(long seed) {
    datagrams = new HashTable<FlowKey, Datagram>(seed);
  }

  @Override
  public Verdict apply(Packet packet, long nowMillis) {
    boolean later = packet.isLaterFragment();
    if (!later && !packet.moreFragments()) {
      return Verdict.ACCEPT;
    }
    FlowKey key = packet.key();
    probe.copyOf(key);
    probe.sourcePort = packet.identification();
    probe.destinationPort = 0;
    Datagram datagram = datagrams.get(probe);
    if (!later) {
      remember(datagram == null ? enter(nowMillis) : datagram, key, nowMillis);
      return Verdict.ACCEPT;
    }
    if (datagram == null || datagram.deadlineMillis <= nowMillis) {
      return packet.drop(DropReason.FRAGMENT_WITHOUT_FIRST);
    }
    key.sourcePort = datagram.firstPort;
    key.destinationPort = datagram.secondPort;
    return Verdict.ACCEPT;
  }

  private static void remember(Datagram datagram, FlowKey ports, long nowMillis) {
    datagram.firstPort = ports.sourcePort;
    datagram.secondPort = ports.destinationPort;
    datagram.deadlineMillis = nowMillis + TIMEOUT_MILLIS;
  }

  private Datagram enter(long nowMillis) {
    for (int i = 0; i < AGED_PER_DATAGRAM; i++) {
      @Nullable Datagram oldest = queue.peekFirst();
      if (oldest == null || oldest.queuedMillis > nowMillis) {
        break;
      }
      retireOldest();
    }
    // Its fragments follow closely, so the oldest is the one least missed.
    while (datagrams.size() >= CAPACITY) {
      retireOldest();
    }
    Datagram datagram = new Datagram();
    datagram.copyOf(probe);
    datagram.queuedMillis = nowMillis + TIMEOUT_MILLIS;
    datagrams.add(datagram);
    queue.addLast(datagram);
    return datagram;
  }

  /** Removes the first of the queue, or moves it back where its identification was used again. */
  private void retireOldest() {
    Datagram oldest = queue.removeFirst();
    if (oldest.deadlineMillis > oldest.queuedMillis) {
      oldest.queuedMillis = oldest.deadlineMillis;
      queue.addLast(oldest);
    } else {
      datagrams.remove(oldest);
    }
  }
}
