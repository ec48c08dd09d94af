package io.podwire.netstack.neighbor;

import io.podwire.netstack.link.AddressKey;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Link-layer addresses of neighbours (RFC 826; RFC 4861, section 7 for the states): pinned ones,
 * and those resolved by asking, while up to {@link #QUEUE_LIMIT} frames wait for each.
 *
 * <p>Times are milliseconds of any steady clock. Not thread-safe; confined to the node's event
 * loop.
 */
public final class NeighborCache {

  public static final int CAPACITY = 1024;
  static final int QUEUE_LIMIT = 3;
  static final int MAX_SOLICITATIONS = 3;
  static final long RETRANSMIT_MILLIS = 1000;
  static final long REACHABLE_MILLIS = 30_000;

  /** Asks the link who has an address. */
  @FunctionalInterface
  public interface Solicitor {
    void solicit(IpAddress target);
  }

  /** What becomes of the frames that waited. */
  public interface Waiting {
    void resolved(IpAddress address, Frame frame, MacAddress mac);

    void unreachable(Frame frame, long nowMillis);
  }

  private final Solicitor solicitor;
  private final Waiting waiting;
  private final DropCounters drops;
  private final Map<AddressKey, Entry> entries = new HashMap<>();
  private final AddressKey probe = new AddressKey();

  private static final class Entry {
    final IpAddress address;
    @Nullable MacAddress mac;
    boolean pinned;
    int solicitations;
    long dueMillis;
    final ArrayDeque<Frame> queue = new ArrayDeque<>(0);

    Entry(IpAddress address) {
      this.address = address;
    }
  }

  public NeighborCache(Solicitor solicitor, Waiting waiting, DropCounters drops) {
    this.solicitor = solicitor;
    this.waiting = waiting;
    this.drops = drops;
  }

  /** Enters an address that is known and never aged. */
  public void pin(IpAddress address, MacAddress mac) {
    Entry entry = entries.computeIfAbsent(AddressKey.of(address), unknown -> new Entry(address));
    entry.pinned = true;
    settle(entry, mac);
  }

  /** Forgets a neighbour; frames that wait for it are dropped. */
  public void remove(IpAddress address) {
    Entry entry = entries.remove(AddressKey.of(address));
    if (entry != null) {
      entry.queue.forEach(frame -> drops.count(DropReason.NEIGHBOR_UNREACHABLE));
    }
  }

  /** The MAC address, or null where it must be asked for. */
  public @Nullable MacAddress lookup(IpAddress address) {
    return lookup(address.high(), address.low());
  }

  /** As {@link #lookup(IpAddress)}; allocates nothing. */
  public @Nullable MacAddress lookup(long high, long low) {
    Entry entry = entries.get(probe.at(high, low));
    return entry == null ? null : entry.mac;
  }

  /** Keeps a copy of a frame until its neighbour is known, asking if nobody has yet. */
  public void await(IpAddress address, Frame frame, long nowMillis) {
    Entry entry = entries.get(probe.at(address.high(), address.low()));
    if (entry == null) {
      if (entries.size() >= CAPACITY) {
        drops.count(DropReason.NEIGHBOR_QUEUE_FULL);
        return;
      }
      entry = new Entry(address);
      entries.put(AddressKey.of(address), entry);
      ask(entry, nowMillis);
    }
    if (entry.queue.size() >= QUEUE_LIMIT) {
      entry.queue.removeFirst();
      drops.count(DropReason.NEIGHBOR_QUEUE_FULL);
    }
    entry.queue.addLast(frame.copy());
  }

  /** Takes an answer; unsolicited ones only refresh what is already known, as RFC 826 says. */
  public void learn(IpAddress address, MacAddress mac, long nowMillis) {
    Entry entry = entries.get(probe.at(address.high(), address.low()));
    if (entry != null && !entry.pinned) {
      entry.solicitations = 0;
      entry.dueMillis = nowMillis + REACHABLE_MILLIS;
      settle(entry, mac);
    }
  }

  private void settle(Entry entry, MacAddress mac) {
    entry.mac = mac;
    while (!entry.queue.isEmpty()) {
      waiting.resolved(entry.address, entry.queue.removeFirst(), mac);
    }
  }

  private void ask(Entry entry, long nowMillis) {
    entry.solicitations++;
    entry.dueMillis = nowMillis + RETRANSMIT_MILLIS;
    solicitor.solicit(entry.address);
  }

  /** Asks again, gives up, and lets resolved entries expire. Call it about every second. */
  public void age(long nowMillis) {
    ArrayDeque<Frame> undeliverable = new ArrayDeque<>(0);
    for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      if (entry.pinned || nowMillis < entry.dueMillis) {
        continue;
      }
      if (entry.mac == null && entry.solicitations < MAX_SOLICITATIONS) {
        ask(entry, nowMillis);
      } else {
        undeliverable.addAll(entry.queue);
        all.remove();
      }
    }
    for (Frame frame : undeliverable) {
      drops.count(DropReason.NEIGHBOR_UNREACHABLE);
      waiting.unreachable(frame, nowMillis);
    }
  }

  public int size() {
    return entries.size();
  }
}
