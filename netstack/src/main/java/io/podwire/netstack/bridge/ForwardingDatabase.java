package io.podwire.netstack.bridge;

import io.podwire.netstack.link.AddressKey;
import io.podwire.netstack.table.HashTable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which MAC address was last seen behind which port (IEEE 802.1D, section 7.9), capped and aged a
 * part at a time.
 *
 * <p>Times are milliseconds of any steady clock. Not thread-safe; confined to the node's event
 * loop.
 */
public final class ForwardingDatabase {

  public static final long DEFAULT_AGEING_MILLIS = 300_000;
  public static final int DEFAULT_CAPACITY = 16_384;

  /** Buckets looked at in a tick: the largest table is through in half a minute. */
  private static final int AGED_PER_TICK = 1024;

  /** Buckets looked at where a full table is to learn an address. */
  private static final int AGED_WHEN_FULL = 16;

  private final long ageingMillis;
  private final int capacity;
  private final HashTable<AddressKey, Entry> entries;
  private final AddressKey probe = new AddressKey();
  private final Predicate<Entry> agedOut = this::isAgedOut;
  private long nowMillis;
  private long generation;

  private static final class Entry extends AddressKey {
    BridgePort port;
    long seenMillis;
    boolean permanent;

    Entry(long mac, BridgePort port) {
      super(0, mac, 0);
      this.port = port;
    }
  }

  /**
   * An empty database.
   *
   * @param seed unknown to the stations, who choose the addresses
   */
  public ForwardingDatabase(long ageingMillis, int capacity, long seed) {
    this.ageingMillis = ageingMillis;
    this.capacity = capacity;
    this.entries = new HashTable<AddressKey, Entry>(seed);
  }

  /** Pins a MAC address to a port: never aged, never moved by learning. */
  public void pin(long mac, BridgePort port) {
    Entry entry = entries.get(probe.atMac(mac));
    if (entry == null) {
      entry = new Entry(mac, port);
      entries.add(entry);
    }
    entry.port = port;
    entry.permanent = true;
    generation++;
  }

  /**
   * Notes the source of a frame.
   *
   * @return false where the table is full and the address stays unknown
   */
  public boolean learn(long mac, BridgePort port, long nowMillis) {
    Entry entry = entries.get(probe.atMac(mac));
    if (entry == null) {
      if (entries.size() >= capacity) {
        sweep(AGED_WHEN_FULL, nowMillis);
        if (entries.size() >= capacity) {
          return false;
        }
      }
      entry = new Entry(mac, port);
      entry.seenMillis = nowMillis;
      entries.add(entry);
    } else if (!entry.permanent) {
      if (entry.port != port) {
        entry.port = port;
        generation++;
      }
      entry.seenMillis = nowMillis;
    }
    return true;
  }

  /** The port to a MAC address, or null where it must be flooded. */
  public @Nullable BridgePort lookup(long mac, long nowMillis) {
    Entry entry = entries.get(probe.atMac(mac));
    if (entry == null || !entry.permanent && nowMillis - entry.seenMillis >= ageingMillis) {
      return null;
    }
    return entry.port;
  }

  /** The port that a MAC address is pinned to, or null. */
  public @Nullable BridgePort pinned(long mac) {
    Entry entry = entries.get(probe.atMac(mac));
    return entry != null && entry.permanent ? entry.port : null;
  }

  /** Forgets everything behind a port. */
  public void forget(BridgePort port) {
    if (entries.removeIf(entry -> entry.port == port) > 0) {
      generation++;
    }
  }

  /**
   * Removes some of what is older than the ageing time; call it about every second. Lookups do not
   * depend on it.
   */
  public void age(long nowMillis) {
    sweep(AGED_PER_TICK, nowMillis);
  }

  private void sweep(int buckets, long nowMillis) {
    this.nowMillis = nowMillis;
    if (entries.sweep(buckets, agedOut) > 0) {
      generation++;
    }
  }

  private boolean isAgedOut(Entry entry) {
    return !entry.permanent && nowMillis - entry.seenMillis >= ageingMillis;
  }

  /** Increases with every known address that moves or goes, and every one that is pinned. */
  public long generation() {
    return generation;
  }

  public int size() {
    return entries.size();
  }
}
