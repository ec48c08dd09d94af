package io.podwire.netstack.route;

import io.podwire.netstack.link.AddressKey;
import io.podwire.netstack.table.HashTable;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Longest-prefix match over both families: one hash table of prefixes, probed once for each prefix
 * length in use.
 *
 * <p>A lookup allocates nothing. Not thread-safe; confined to the node's event loop.
 */
public final class RouteTable {

  private static final int IPV4_PREFIX = 96;
  private static final int LENGTHS = 2 * (128 + 1);

  /** By mapped length; null where there is no route of that length. */
  private final @Nullable HashTable<AddressKey, Entry>[] byLength = tables();

  /** The lengths in use, the longest first. */
  private Level[] levels = {};

  private final AddressKey probe = new AddressKey();
  private long generation;

  private static final class Entry extends AddressKey {
    Route route;

    Entry(IpAddress base, Route route) {
      super(base.high(), base.low(), 0);
      this.route = route;
    }
  }

  private record Level(
      long highMask, long lowMask, boolean ipv4, HashTable<AddressKey, Entry> routes) {}

  @SuppressWarnings("unchecked")
  private static @Nullable HashTable<AddressKey, Entry>[] tables() {
    return (HashTable<AddressKey, Entry>[]) new HashTable<?, ?>[LENGTHS];
  }

  /** Adds a route, replacing that of the same prefix. */
  public void put(Cidr prefix, Route route) {
    int length = mappedLength(prefix);
    HashTable<AddressKey, Entry> routes = byLength[length];
    if (routes == null) {
      // Prefixes come from the cluster's state: nobody can choose them to meet in one bucket.
      routes = new HashTable<AddressKey, Entry>(0);
      byLength[length] = routes;
      rebuild();
    }
    Entry entry = routes.get(at(prefix));
    if (entry == null) {
      routes.add(new Entry(prefix.base(), route));
    } else if (entry.route.equals(route)) {
      return;
    } else {
      entry.route = route;
    }
    generation++;
  }

  /** Removes a route; another one that has taken its prefix stays. */
  public void remove(Cidr prefix, Route route) {
    int length = mappedLength(prefix);
    HashTable<AddressKey, Entry> routes = byLength[length];
    Entry entry = routes == null ? null : routes.get(at(prefix));
    if (routes != null && entry != null && entry.route.equals(route)) {
      routes.remove(entry);
      if (routes.size() == 0) {
        byLength[length] = null;
        rebuild();
      }
      generation++;
    }
  }

  private AddressKey at(Cidr prefix) {
    return probe.at(prefix.base().high(), prefix.base().low());
  }

  /** The route of the longest prefix that holds the address, or null. */
  public @Nullable Route lookup(long high, long low) {
    boolean ipv4 = IpAddress.isIpv4(high, low);
    for (Level level : levels) {
      if (level.ipv4 == ipv4) {
        Entry entry = level.routes.get(probe.at(high & level.highMask, low & level.lowMask));
        if (entry != null) {
          return entry.route;
        }
      }
    }
    return null;
  }

  /** Increases with every change. */
  public long generation() {
    return generation;
  }

  private static int mappedLength(Cidr prefix) {
    // The lowest bit keeps IPv4 prefixes apart from IPv6 ones of the same mapped length.
    return prefix.isIpv4()
        ? 2 * (prefix.prefixLength() + IPV4_PREFIX) + 1
        : 2 * prefix.prefixLength();
  }

  private void rebuild() {
    List<Level> inUse = new ArrayList<>();
    for (int length = LENGTHS - 1; length >= 0; length--) {
      HashTable<AddressKey, Entry> routes = byLength[length];
      if (routes != null) {
        int bits = length / 2;
        inUse.add(
            new Level(
                bits >= 64 ? -1L : bits == 0 ? 0 : -1L << 64 - bits,
                bits <= 64 ? 0 : -1L << 128 - bits,
                length % 2 == 1,
                routes));
      }
    }
    levels = inUse.toArray(Level[]::new);
  }
}
