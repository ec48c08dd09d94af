package io.podwire.netstack.service.iptables;

import io.podwire.packet.addr.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The addresses that have been seen by a rule, with the time of the last one: netfilter's match
 * {@code recent}, which keeps session affinity in the iptables mode.
 *
 * <p>Holds as many as the kernel's does unless it is told otherwise; the one seen longest ago goes
 * first. Times are milliseconds. Not thread-safe; confined to the node's event loop.
 */
final class RecentList {

  /** {@code ip_list_tot} of the module xt_recent. */
  static final int CAPACITY = 100;

  private final String name;
  private final Map<IpAddress, Long> seen = new LinkedHashMap<>(4);

  RecentList(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Whether it was seen so recently; forgets ({@code --reap}) what was not. */
  boolean holds(IpAddress address, long withinMillis, long nowMillis) {
    // The oldest come first.
    var eldest = seen.values().iterator();
    while (eldest.hasNext() && nowMillis - eldest.next() >= withinMillis) {
      eldest.remove();
    }
    return seen.containsKey(address);
  }

  void enter(IpAddress address, long nowMillis) {
    seen.remove(address);
    seen.put(address, nowMillis);
    if (seen.size() > CAPACITY) {
      var eldest = seen.entrySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  int size() {
    return seen.size();
  }
}
