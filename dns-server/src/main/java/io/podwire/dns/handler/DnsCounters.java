package io.podwire.dns.handler;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what happens, by name; names are constants of the code, never taken from a message.
 *
 * <p>Thread-safe.
 */
public final class DnsCounters {
  private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

  public void increment(String name) {
    counters.computeIfAbsent(name, key -> new LongAdder()).increment();
  }

  public void add(String name, long count) {
    counters.computeIfAbsent(name, key -> new LongAdder()).add(count);
  }

  /** How often so far; 0 for a name not seen. */
  public long get(String name) {
    LongAdder counter = counters.get(name);
    return counter == null ? 0 : counter.sum();
  }

  /** All that were ever incremented, by name. */
  public Map<String, Long> snapshot() {
    Map<String, Long> snapshot = new TreeMap<>();
    counters.forEach((name, counter) -> snapshot.put(name, counter.sum()));
    return snapshot;
  }

  /** One line such as {@code queries.udp=12 rcode.NOERROR=12}. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    snapshot()
        .forEach((name, count) ->
            line.append(line.isEmpty() ? "" : " ").append(name).append('=').append(count));
    return line.toString();
  }
}
