package io.podwire.netstack.bridge;

import io.podwire.netstack.link.AddressKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which MAC address was last seen behind which port (IEEE 802.1D, section 7.9), capped and aged.
 *
 * <p>Times are milliseconds of any steady clock. Not thread-safe; confined to the node's event
 * loop.
 */
public final class ForwardingDatabase {

  public static final long DEFAULT_AGEING_MILLIS = 300_000;
  public static final int DEFAULT_CAPACITY = 16_384;

  private final long ageingMillis;
  private final int capacity;
  private final Map<AddressKey, Entry> entries = new HashMap<>();
  private final AddressKey probe = new AddressKey();

  private static final class Entry {
    BridgePort port;
    long seenMillis;
    final boolean permanent;

    Entry(BridgePort port, long seenMillis, boolean permanent) {
      this.port = port;
      this.seenMillis = seenMillis;
      this.permanent = permanent;
    }
  }

  public ForwardingDatabase(long ageingMillis, int capacity) {
    this.ageingMillis = ageingMillis;
    this.capacity = capacity;
  }

  /** Pins a MAC address to a port: never aged, never moved by learning. */
  public void pin(long mac, BridgePort port) {
    entries.put(AddressKey.ofMac(mac), new Entry(port, 0, true));
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
        return false;
      }
      entries.put(AddressKey.ofMac(mac), new Entry(port, nowMillis, false));
    } else if (!entry.permanent) {
      entry.port = port;
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

  /** Forgets everything behind a port. */
  public void forget(BridgePort port) {
    entries.values().removeIf(entry -> entry.port == port);
  }

  /** Removes what is older than the ageing time. */
  public void age(long nowMillis) {
    for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      if (!entry.permanent && nowMillis - entry.seenMillis >= ageingMillis) {
        all.remove();
      }
    }
  }

  public int size() {
    return entries.size();
  }
}
