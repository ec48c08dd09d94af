package io.podwire.dns.forward;

import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one line {@code forward} says of the upstreams that it names.
 *
 * @param from the names that are asked for there
 * @param except those of them that are not
 * @param maxFails failed health checks after which an upstream is left out; 0 never leaves one out
 * @param checkEvery pause between the checks of an upstream that failed; zero checks none
 * @param checkName asked for by checks, type NS
 * @param checkRecursion whether checks desire recursion
 * @param connections how long and how many of them are kept
 * @param maxConcurrent questions under way at once; one more is REFUSED; 0 sets no bound
 * @param timeout for each attempt
 * @param maxAttempts that fail, after which nobody else is asked; 0 sets no bound but the time
 * @param alternatives who is asked where an answer does not please
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
    Connections connections,
    int maxConcurrent,
    boolean forceTcp,
    boolean preferUdp,
    Duration timeout,
    int maxAttempts,
    Alternatives alternatives,
    boolean failFast) {

  /** For {@code maxAttempts}: twice as many as there are upstreams. */
  static final int TWICE_EACH = -1;

  /**
   * How connections to upstreams are made and kept.
   *
   * @param expire after which one without a question is closed
   * @param maxAge after which one takes no question more; zero sets no bound
   * @param maxIdle kept of one upstream; 0 sets no bound
   * @param source address of all questions; null for what the system takes
   */
  record Connections(Duration expire, Duration maxAge, int maxIdle, @Nullable InetAddress source) {
    static final Connections DEFAULT =
        new Connections(Duration.ofSeconds(10), Duration.ZERO, 0, null);
  }

  /**
   * Answers that do not please.
   *
   * @param next rcodes with which the next line {@code forward} is asked
   * @param nextOnNoData whether it is asked too where there is no record of the type
   * @param failover rcodes with which the next upstream of the same line is asked
   */
  record Alternatives(Set<Integer> next, boolean nextOnNoData, Set<Integer> failover) {
    static final Alternatives NONE = new Alternatives(Set.of(), false, Set.of());

    Alternatives {
      next = Set.copyOf(next);
      failover = Set.copyOf(failover);
    }

    boolean goesOnFrom(DnsMessage answer) {
      return next.contains(answer.rcode())
          || nextOnNoData && answer.rcode() == Rcode.NOERROR && answer.answers().isEmpty();
    }
  }

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
          Connections.DEFAULT,
          0,
          false,
          false,
          Duration.ofSeconds(2),
          TWICE_EACH,
          Alternatives.NONE,
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
