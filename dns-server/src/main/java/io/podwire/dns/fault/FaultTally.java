package io.podwire.dns.fault;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.packet.addr.IpAddress;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * What a fault has done to queries so far.
 *
 * <p>The hash over its decisions does not depend on which of two clients came first. Thread-safe.
 */
final class FaultTally {

  /** Clients whose queries are numbered apart; all further ones share their numbers. */
  private static final int MAX_CLIENTS = 16_384;

  private static final IpAddress OTHERS = new IpAddress(0, 0);

  /** Quantiles are right to one part in a thousand. */
  private static final int DIGITS = 3;

  private final Map<IpAddress, AtomicLong> indices = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> affected = new ConcurrentHashMap<>();
  private final LongAdder matched = new LongAdder();
  private final LongAdder decisionHash = new LongAdder();
  private final LongAdder stopped = new LongAdder();
  private final LongAdder waiting = new LongAdder();
  private final LongAdder requested = new LongAdder();
  private final LongAdder achieved = new LongAdder();
  private final Histogram delays = new SynchronizedHistogram(DIGITS);
  private final Histogram lateness = new SynchronizedHistogram(DIGITS);
  private volatile String error;

  FaultTally(String error) {
    this.error = error;
  }

  /** The key that an action's queries are counted under. */
  static String cause(DnsEffect.Action action) {
    return switch (action) {
      case DELAY -> "delayed";
      case DROP -> "dropped";
      case ADDRESS -> "redirected";
      case A_ONLY, AAAA_ONLY -> "suppressed";
      case WRONG_ID -> "wrongId";
      case NXDOMAIN, SERVFAIL, REFUSED, TRUNCATED -> action.name().toLowerCase(Locale.ROOT);
    };
  }

  /** Counts a query that the fault is for, and draws for it. */
  long matched(long seed, IpAddress client) {
    matched.increment();
    boolean known = indices.containsKey(client) || indices.size() < MAX_CLIENTS;
    IpAddress numbered = known ? client : OTHERS;
    long index = indices.computeIfAbsent(numbered, each -> new AtomicLong()).getAndIncrement();
    return Lot.draw(seed, numbered, index);
  }

  /** Takes down what was decided on a draw. */
  void decided(long drawn, boolean hit) {
    // A sum, as the clients' queries come in no order of their own.
    decisionHash.add(Lot.mix(drawn ^ (hit ? 1 : 0)));
  }

  /** Counts a query that got no ordinary answer. */
  void affected(DnsEffect.Action action) {
    count(cause(action));
    stopped.increment();
  }

  /** A query waits: what becomes of it, the fault's end may decide. */
  void waits() {
    waiting.increment();
  }

  /** Counts a query that has waited and goes on. */
  void delayed(long requestedNanos, long achievedNanos) {
    waiting.decrement();
    if (achievedNanos < requestedNanos) {
      // The fault ended meanwhile.
      count("released");
      return;
    }
    requested.add(requestedNanos);
    achieved.add(achievedNanos);
    delays.recordValue(achievedNanos);
    lateness.recordValue(achievedNanos - requestedNanos);
    count(cause(DnsEffect.Action.DELAY));
  }

  /** Counts a query that could not be delayed and was dropped. */
  void overflowed(int limit) {
    waiting.decrement();
    error = "queries were dropped, as " + limit + " were held already";
    affected(DnsEffect.Action.DROP);
  }

  private void count(String cause) {
    affected.computeIfAbsent(cause, key -> new LongAdder()).increment();
  }

  LinkReceipt receipt(boolean ended) {
    Map<String, Long> causes = new TreeMap<>();
    affected.forEach((cause, count) -> causes.put(cause, count.sum()));
    long late = causes.getOrDefault(cause(DnsEffect.Action.DELAY), 0L);
    // Not those of which nobody knows yet: a fault that ends would seem to have missed them.
    long all = matched.sum() - waiting.sum();
    return new LinkReceipt(
        "DNS",
        FaultLink.Direction.INGRESS,
        ended,
        error,
        all,
        0,
        Math.max(0, all - stopped.sum()),
        0,
        causes,
        late == 0 ? 0 : requested.sum() / late,
        late == 0 ? 0 : achieved.sum() / late,
        delays.getValueAtPercentile(50),
        delays.getValueAtPercentile(99),
        lateness.getValueAtPercentile(99),
        0,
        matched.sum(),
        decisionHash.sum());
  }
}
