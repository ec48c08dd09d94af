package io.podwire.dns.forward;

import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsName;
import java.time.Duration;

/**
 * What one line {@code forward} says of the upstreams that it names.
 *
 * @param from the names that are asked for there
 * @param except those of them that are not
 * @param maxFails failed health checks after which an upstream is left out; 0 never leaves one out
 * @param checkEvery pause between the checks of an upstream that failed; zero checks none
 * @param checkName asked for by checks, type NS
 * @param checkRecursion whether checks desire recursion
 * @param expire after which a connection without a question is closed
 * @param maxConcurrent questions under way at once; one more is REFUSED; 0 sets no bound
 * @param timeout for each attempt
 * @param failFast whether all upstreams' being down is SERVFAIL at once
 */
record ForwardRules(
    DnsName from,
    Zones except,
    Policy policy,
    int maxFails,
    Duration checkEvery,
    DnsName checkName,
    boolean checkRecursion,
    Duration expire,
    int maxConcurrent,
    boolean forceTcp,
    boolean preferUdp,
    Duration timeout,
    boolean failFast) {

  /** As CoreDNS, of which all these numbers are. */
  static final ForwardRules DEFAULT =
      new ForwardRules(
          DnsName.ROOT,
          Zones.NONE,
          Policy.RANDOM,
          2,
          Duration.ofMillis(500),
          DnsName.ROOT,
          true,
          Duration.ofSeconds(10),
          0,
          false,
          false,
          Duration.ofSeconds(2),
          false);

  /** All attempts for one question end by then, so that the client has its answer in time. */
  static final Duration DEADLINE = Duration.ofSeconds(5);

  /** In which order upstreams are tried. */
  enum Policy {
    RANDOM,
    ROUND_ROBIN,
    SEQUENTIAL
  }
}
