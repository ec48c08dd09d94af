package io.podwire.netstack.neighbor;

import io.podwire.netstack.link.AddressKey;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.table.HashTable;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Link-layer addresses of neighbours (RFC 826; RFC 4861, section 7 for the states): pinned ones,
 * and those resolved by asking, while up to {@link #QUEUE_LIMIT} frames wait for each.
 *
 * <p>Times are milliseconds of any steady clock. Not thread-safe; confined to the node's event
 * loop.
 */
public final class NeighborCache {

  /** Of neighbours that are not pinned; the cluster's state pins, strangers' packets do not. */
  public static final int CAPACITY = 1024;

  static final int QUEUE_LIMIT = 3;

  /** One unsegmented frame is as much as three packets of that size would be too much. */
  static final int QUEUE_OCTETS = 65_536;

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
  private final HashTable<AddressKey, Entry> entries = new HashTable<AddressKey, Entry>(0);

  /** Those that are not pinned: all that a tick has to look at. */
  private final List<Entry> temporary = new ArrayList<>(0);

  private final AddressKey probe = new AddressKey();
  private long generation;

  private static final class Entry extends AddressKey {
    final IpAddress address;
    @Nullable MacAddress mac;
    boolean pinned;
    int solicitations;
    long dueMillis;

    /** Its index in {@link #temporary}. */
    int place;

    @Nullable ArrayDeque<Frame> queue;

    Entry(IpAddress address) {
      super(address.high(), address.low(), 0);
      this.address = address;
    }
  }

  public NeighborCache(Solicitor solicitor, Waiting waiting, DropCounters drops) {
    this.solicitor = solicitor;
    this.waiting = waiting;
    this.drops = drops;
  }

  private @Nullable Entry find(IpAddress address) {
    return entries.get(probe.at(address.high(), address.low()));
  }

  /** Enters an address that is known and never aged. */
  public void pin(IpAddress address, MacAddress mac) {
    Entry entry = find(address);
    if (entry == null) {
      entry = new Entry(address);
      entries.add(entry);
    } else if (!entry.pinned) {
      takeFromTemporary(entry);
    }
    entry.pinned = true;
    settle(entry, mac);
  }

  /** Forgets a neighbour; frames that wait for it are dropped. */
  public void remove(IpAddress address) {
    Entry entry = find(address);
    if (entry != null) {
      forget(entry);
      if (entry.queue != null) {
        entry.queue.forEach(frame -> drops.count(DropReason.NEIGHBOR_UNREACHABLE));
      }
    }
  }

  private void forget(Entry entry) {
    entries.remove(entry);
    if (!entry.pinned) {
      takeFromTemporary(entry);
    }
    if (entry.mac != null) {
      generation++;
    }
  }

  private void takeFromTemporary(Entry entry) {
    Entry last = temporary.removeLast();
    if (last != entry) {
      temporary.set(entry.place, last);
      last.place = entry.place;
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
    Entry entry = find(address);
    if (entry == null) {
      if (temporary.size() >= CAPACITY) {
        drops.count(DropReason.NEIGHBOR_QUEUE_FULL);
        return;
      }
      entry = new Entry(address);
      entry.place = temporary.size();
      temporary.add(entry);
      entries.add(entry);
      ask(entry, nowMillis);
    }
    ArrayDeque<Frame> queue = entry.queue;
    if (queue == null) {
      queue = new ArrayDeque<>(QUEUE_LIMIT);
      entry.queue = queue;
    }
    while (queue.size() >= QUEUE_LIMIT
        || !queue.isEmpty() && octets(queue) + frame.length() > QUEUE_OCTETS) {
      queue.removeFirst();
      drops.count(DropReason.NEIGHBOR_QUEUE_FULL);
    }
    queue.addLast(frame.copy());
  }

  private static int octets(ArrayDeque<Frame> queue) {
    int octets = 0;
    for (Frame frame : queue) {
      octets += frame.length();
    }
    return octets;
  }

  /** Takes an answer; unsolicited ones only refresh what is already known, as RFC 826 says. */
  public void learn(IpAddress address, MacAddress mac, long nowMillis) {
    Entry entry = find(address);
    if (entry != null && !entry.pinned) {
      entry.solicitations = 0;
      entry.dueMillis = nowMillis + REACHABLE_MILLIS;
      settle(entry, mac);
    }
  }

  private void settle(Entry entry, MacAddress mac) {
    if (entry.mac != null && !entry.mac.equals(mac)) {
      generation++;
    }
    entry.mac = mac;
    ArrayDeque<Frame> queue = entry.queue;
    entry.queue = null;
    while (queue != null && !queue.isEmpty()) {
      waiting.resolved(entry.address, queue.removeFirst(), mac);
    }
  }

  private void ask(Entry entry, long nowMillis) {
    entry.solicitations++;
    entry.dueMillis = nowMillis + RETRANSMIT_MILLIS;
    solicitor.solicit(entry.address);
  }

  /** Asks again, gives up, and lets resolved entries expire. Call it about every second. */
  public void age(long nowMillis) {
    ArrayDeque<Frame> undeliverable = null;
    // Backwards: what is removed is replaced by one that was looked at already.
    for (int i = temporary.size() - 1; i >= 0; i--) {
      Entry entry = temporary.get(i);
      if (nowMillis < entry.dueMillis) {
        continue;
      }
      if (entry.mac == null && entry.solicitations < MAX_SOLICITATIONS) {
        ask(entry, nowMillis);
      } else {
        if (entry.queue != null) {
          undeliverable = undeliverable == null ? new ArrayDeque<>() : undeliverable;
          undeliverable.addAll(entry.queue);
        }
        forget(entry);
      }
    }
    while (undeliverable != null && !undeliverable.isEmpty()) {
      drops.count(DropReason.NEIGHBOR_UNREACHABLE);
      waiting.unreachable(undeliverable.removeFirst(), nowMillis);
    }
  }

  /** Increases with every known MAC address that changes or goes. */
  public long generation() {
    return generation;
  }

  public int size() {
    return entries.size();
  }
}
