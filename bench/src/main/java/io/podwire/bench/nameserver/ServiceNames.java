package io.podwire.bench.nameserver;

import io.podwire.packet.addr.IpAddress;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The names that all servers serve, each with its one IPv4 address.
 *
 * @param zone without the final dot
 * @param addresses by whole name without the final dot
 */
public record ServiceNames(String zone, SortedMap<String, IpAddress> addresses) {
  /** Seconds, as CoreDNS has them for Services. */
  static final int TIME_TO_LIVE = 5;

  /** Keeps its own copy. */
  public ServiceNames {
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("no names to serve");
    }
  }

  /** The names as dnsperf reads them: every one once, asked for its IPv4 address. */
  public List<String> queries() {
    return addresses.keySet().stream().map(name -> name + " A").toList();
  }
}
