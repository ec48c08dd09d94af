package io.podwire.dns.cache;

import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.ResourceRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** An answer that is kept, how long, and how often it was asked for. Thread-safe. */
final class CacheItem {

  /** What an answer is for; DO and CD may change what an upstream says. */
  record Key(DnsName name, int type, int dnsClass, boolean dnssec, boolean unchecked) {}

  private final DnsMessage answer;
  private final long ttl;
  private final long stored;
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private int hits;
  private long lastHit;
  private boolean failed;
  private long lastFailure;

  /**
   * An answer from now on.
   *
   * @param ttl seconds
   * @param now in nanoseconds
   */
  CacheItem(DnsMessage answer, long ttl, long now) {
    this.answer = answer.withoutEdns();
    this.ttl = ttl;
    this.stored = now;
  }

  /** Seconds that are left; 0 and less once it has ended. */
  long left(long now) {
    return ttl - TimeUnit.NANOSECONDS.toSeconds(now - stored);
  }

  boolean isFailure() {
    return answer.header().rcode() == Rcode.SERVFAIL;
  }

  long ttl() {
    return ttl;
  }

  /** Counts a hit; those that follow each other closely add up. */
  synchronized int hit(long now, long gapNanos) {
    hits = now - lastHit > gapNanos ? 1 : hits + 1;
    lastHit = now;
    return hits;
  }

  /** No new one could be had. */
  synchronized void fail(long now) {
    failed = true;
    lastFailure = now;
  }

  /** Whether that was not longer ago. */
  synchronized boolean failedWithin(long now, long nanos) {
    return failed && now - lastFailure < nanos;
  }

  /** Whether the caller is the one to renew it. */
  boolean beginRefresh() {
    return refreshing.compareAndSet(false, true);
  }

  void endRefresh() {
    refreshing.set(false);
  }

  /**
   * The response to a query.
   *
   * <p>AA is set as CoreDNS does it, for old resolvers that throw away what has it not.
   */
  DnsMessage response(DnsMessage query, long seconds, boolean authentic) {
    DnsMessage reply = query.reply(answer.header().rcode());
    return reply
        .withHeader(
            reply
                .header()
                .withAuthoritative(true)
                .withRecursionAvailable(answer.header().isRecursionAvailable())
                .withAuthenticData(authentic && answer.header().isAuthenticData()))
        .withAnswers(lasting(answer.answers(), seconds))
        .withAuthority(lasting(answer.authority(), seconds))
        .withAdditional(lasting(answer.additional(), seconds));
  }

  static List<ResourceRecord> lasting(List<ResourceRecord> records, long seconds) {
    return records.stream()
        .map(each -> new ResourceRecord(each.name(), each.dnsClass(), seconds, each.data()))
        .toList();
  }
}
