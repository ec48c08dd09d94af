package io.podwire.netstack.route;

import io.podwire.netstack.link.AddressKey;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Longest-prefix match over both families: one hash table for each prefix length in use.
 *
 * <p>A lookup costs one probe for each length in use and allocates nothing. Not thread-safe;
 * confined to the node's event loop.
 */
public final class RouteTable {

  private static final int IPV4_PREFIX = 96;

  /** By mapped prefix length, the longest first. */
  private final TreeMap<Integer, Map<AddressKey, Route>> byLength =
      new TreeMap<>((a, b) -> Integer.compare(b, a));

  private Level[] levels = {};
  private final AddressKey probe = new AddressKey();

  private record Level(long highMask, long lowMask, boolean ipv4, Map<AddressKey, Route> routes) {}

  /** Adds a route, replacing that of the same prefix. */
  public void put(Cidr prefix, Route route) {
    byLength
        .computeIfAbsent(mappedLength(prefix), length -> new HashMap<>())
        .put(AddressKey.of(prefix.base()), route);
    rebuild();
  }

  /** Removes a route; another one that has taken its prefix stays. */
  public void remove(Cidr prefix, Route route) {
    Map<AddressKey, Route> routes = byLength.get(mappedLength(prefix));
    if (routes != null) {
      routes.remove(probe.at(prefix.base().high(), prefix.base().low()), route);
      if (routes.isEmpty()) {
        byLength.remove(mappedLength(prefix));
      }
      rebuild();
    }
  }

  /** The route of the longest prefix that holds the address, or null. */
  public @Nullable Route lookup(long high, long low) {
    boolean ipv4 = IpAddress.isIpv4(high, low);
    for (Level level : levels) {
      if (level.ipv4 == ipv4) {
        Route route = level.routes.get(probe.at(high & level.highMask, low & level.lowMask));
        if (route != null) {
          return route;
        }
      }
    }
    return null;
  }

  private static int mappedLength(Cidr prefix) {
    // The lowest bit keeps IPv4 prefixes apart from IPv6 ones of the same mapped length.
    return prefix.isIpv4()
        ? 2 * (prefix.prefixLength() + IPV4_PREFIX) + 1
        : 2 * prefix.prefixLength();
  }

  private void rebuild() {
    levels =
        byLength.entrySet().stream()
            .map(entry -> {
              int length = entry.getKey() / 2;
              return new Level(
                  length >= 64 ? -1L : length == 0 ? 0 : -1L << 64 - length,
                  length <= 64 ? 0 : -1L << 128 - length,
                  entry.getKey() % 2 == 1,
                  entry.getValue());
            })
            .toArray(Level[]::new);
  }
}
