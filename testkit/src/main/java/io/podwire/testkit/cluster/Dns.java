package io.podwire.testkit.cluster;

import java.time.Duration;

/** Lookups as a Pod makes them: by its resolv.conf, over the cluster's network. Thread-safe. */
public final class Dns {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  Dns() {}

  /** Asks for IPv4 addresses: one try, two seconds. */
  public DnsAnswer lookup(Pod from, String name) {
    return lookup(from, name, "A");
  }

  /**
   * Asks for records of a type such as A, AAAA or SRV: one try, two seconds. The Pod's search
   * domains are tried, so {@code web} is the Service of its own namespace.
   */
  public DnsAnswer lookup(Pod from, String name, String type) {
    return lookup(from, name, type, 1, 2);
  }

  /**
   * Asks so often until an answer comes.
   *
   * @param tries how many queries for each name
   * @param seconds how long each waits for its answer
   */
  public DnsAnswer lookup(Pod from, String name, String type, int tries, int seconds) {
    ExecResult dig =
        from.exec(
            LIMIT, "agnhost", "dig", "+search", "+tries=" + tries, "+time=" + seconds, name, type);
    return DnsAnswer.parse(dig.out(), dig.took());
  }
}
