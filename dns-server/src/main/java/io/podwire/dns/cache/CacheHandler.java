package io.podwire.dns.cache;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.ResponseClass;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.metrics.Metrics;
import io.podwire.dns.plugin.Site;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers for as long as they say, and gives them with what is left of their time.
 *
 * <p>Thread-safe.
 */
final class CacheHandler implements DnsHandler {
  private final CacheRules rules;
  private final Supplier<DnsName> clusterZone;
  private final LongSupplier nanos;
  private final Metrics metrics;
  private final String server;
  private final String zones;
  private final CacheStore successes;
  private final CacheStore denials;
  private final LongAdder requests;
  private final LongAdder misses;
  private final LongAdder successHits;
  private final LongAdder denialHits;

  CacheHandler(CacheRules rules, Site site) {
    this.rules = rules;
    this.clusterZone = site.clusterZone();
    this.nanos = site.nanos();
    this.metrics = site.metrics();
    this.server = site.server();
    this.zones =
        rules.zones().fixed().stream().map(DnsName::toString).collect(Collectors.joining(","));
    this.successes =
        new CacheStore(rules.success().capacity(), () -> count("cache_evictions", "success"));
    this.denials =
        new CacheStore(rules.denial().capacity(), () -> count("cache_evictions", "denial"));
    this.requests =
        metrics.counter(
            "cache_requests",
            "Queries that the cache saw.",
            "server",
            server,
            "zones",
            zones,
            "view",
            "");
    this.misses =
        metrics.counter(
            "cache_misses",
            "Queries that the cache had no answer to.",
            "server",
            server,
            "zones",
            zones,
            "view",
            "");
    this.successHits = typed("cache_hits", "success");
    this.denialHits = typed("cache_hits", "denial");
    metrics.gauge(
        "cache_entries",
        "Answers that are kept.",
        successes::size,
        "server",
        server,
        "type",
        "success",
        "zones",
        zones,
        "view",
        "");
    metrics.gauge(
        "cache_entries",
        "Answers that are kept.",
        denials::size,
        "server",
        server,
        "type",
        "denial",
        "zones",
        zones,
        "view",
        "");
  }

  private LongAdder typed(String name, String type) {
    return metrics.counter(
        name,
        "Of the cache, by kind of answer.",
        "server",
        server,
        "type",
        type,
        "zones",
        zones,
        "view",
        "");
  }

  private void count(String name, String type) {
    typed(name, type).increment();
  }

  private void count(String name) {
    metrics
        .counter(name, "Of the cache.", "server", server, "zones", zones, "view", "")
        .increment();
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    DnsName name = query.name();
    if (rules.zones().match(name, clusterZone) == null || keepsNothing(name)) {
      return rest.next(query);
    }
    // What is kept here loses its time with every second: it is given by the cache alone.
    Query once = query.onceOnly();
    CacheItem.Key key = key(query);
    long now = nanos.getAsLong();
    requests.increment();
    CacheItem item = find(key, now);
    if (item == null) {
      misses.increment();
      return refreshed(once, key, rest);
    }
    return item.left(now) > 0 ? fresh(once, key, item, now, rest) : stale(once, key, item, rest);
  }

  private boolean keepsNothing(DnsName name) {
    return rules.success().except().match(name, clusterZone) != null
        && rules.denial().except().match(name, clusterZone) != null;
  }

  private static CacheItem.Key key(Query query) {
    return new CacheItem.Key(
        query.name(),
        query.type(),
        query.question().dnsClass(),
        query.message().edns().filter(Edns::isDnssecOk).isPresent(),
        query.message().header().isCheckingDisabled());
  }

  /** A failure does not hide a good answer that still holds. */
  private @Nullable CacheItem find(CacheItem.Key key, long now) {
    CacheItem denial = usable(denials.get(key), now);
    CacheItem success = usable(successes.get(key), now);
    boolean failed = denial != null && denial.isFailure();
    if (denial != null && !(failed && success != null)) {
      denialHits.increment();
      return denial;
    }
    if (success != null) {
      successHits.increment();
    }
    return success;
  }

  private @Nullable CacheItem usable(@Nullable CacheItem item, long now) {
    if (item == null) {
      return null;
    }
    long left = item.left(now);
    return left > 0 || -left < rules.stale().toSeconds() ? item : null;
  }

  private CompletionStage<DnsMessage> fresh(
      Query query, CacheItem.Key key, CacheItem item, long now, Rest rest) {
    if (rules.prefetch() > 0) {
      int hits = item.hit(now, rules.prefetchGap().toNanos());
      long threshold = (item.ttl() * rules.prefetchPercent() + 99) / 100;
      if (hits >= rules.prefetch() && item.left(now) <= threshold) {
        renew(query, key, item, rest);
      }
    }
    return given(query, item, rules.keepTtl() ? item.ttl() : item.left(now));
  }

  private CompletionStage<DnsMessage> stale(
      Query query, CacheItem.Key key, CacheItem item, Rest rest) {
    count("cache_served_stale");
    CacheRules.Staleness how = rules.staleness();
    CompletionStage<DnsMessage> old = given(query, item, rules.keepTtl() ? item.ttl() : how.ttl());
    if (item.failedWithin(nanos.getAsLong(), how.recheck().toNanos())) {
      return old;
    }
    if (!how.verify()) {
      renew(query, key, item, rest);
      return old;
    }
    CompletableFuture<DnsMessage> fresh = attempted(query, key, item, rest).toCompletableFuture();
    // What comes later is kept all the same, for the next one who asks.
    CompletableFuture<DnsMessage> inTime =
        how.timeout().isZero()
            ? fresh
            : fresh.copy().orTimeout(how.timeout().toNanos(), TimeUnit.NANOSECONDS);
    return inTime
        .handle((answer, failure) ->
            failure == null && answer.rcode() != Rcode.SERVFAIL
                ? CompletableFuture.completedFuture(answer)
                : old)
        .thenCompose(stage -> stage);
  }

  /** Asks for a new answer, and notes with the old one if there is none to be had. */
  private CompletionStage<DnsMessage> attempted(
      Query query, CacheItem.Key key, CacheItem item, Rest rest) {
    return refreshed(query, key, rest)
        .whenComplete((answer, failure) -> {
          if (failure != null || answer.rcode() == Rcode.SERVFAIL) {
            item.fail(nanos.getAsLong());
          }
        });
  }

  private static CompletionStage<DnsMessage> given(Query query, CacheItem item, long seconds) {
    return CompletableFuture.completedFuture(
        item.response(query.message(), seconds, wantsAuthentic(query)));
  }

  private static boolean wantsAuthentic(Query query) {
    return query.message().header().isAuthenticData()
        || query.message().edns().filter(Edns::isDnssecOk).isPresent();
  }

  /** Asks for a new one that nobody waits for. */
  private void renew(Query query, CacheItem.Key key, CacheItem item, Rest rest) {
    if (item.beginRefresh()) {
      count("cache_prefetch");
      attempted(query.inside(query.question()), key, item, rest)
          .whenComplete((answer, failure) -> item.endRefresh());
    }
  }

  private CompletionStage<DnsMessage> refreshed(Query query, CacheItem.Key key, Rest rest) {
    DnsMessage asked = query.message();
    Query authentic = query.withMessage(asked.withHeader(asked.header().withAuthenticData(true)));
    return rest.next(authentic)
        .thenApply(answer -> {
          DnsMessage kept = kept(key, answer);
          return wantsAuthentic(query)
              ? kept
              : kept.withHeader(kept.header().withAuthenticData(false));
        });
  }

  /** Keeps an answer, if it is one to keep, and gives it the time that it is kept for. */
  private DnsMessage kept(CacheItem.Key key, DnsMessage answer) {
    ResponseClass kind = ResponseClass.of(answer);
    long seconds =
        switch (kind) {
          case SUCCESS -> rules.success().clamp(least(answer, rules.success().most()));
          case DENIAL -> rules.denial().clamp(least(answer, rules.denial().most()));
          case FAILURE -> rules.servfail();
          case OTHER -> 0;
        };
    if (kind == ResponseClass.OTHER) {
      return answer;
    }
    if (seconds > 0 && !answer.header().isTruncated() && mayKeep(key, kind, answer)) {
      CacheItem item = new CacheItem(answer, seconds, nanos.getAsLong());
      if (kind == ResponseClass.SUCCESS) {
        successes.put(key, item);
        denials.remove(key);
      } else {
        denials.put(key, item);
      }
    }
    return answer
        .withAnswers(CacheItem.lasting(answer.answers(), seconds))
        .withAuthority(CacheItem.lasting(answer.authority(), seconds))
        .withAdditional(
            answer.additional().stream()
                .map(each ->
                    each.type() == RecordType.OPT
                        ? each
                        : new ResourceRecord(each.name(), each.dnsClass(), seconds, each.data()))
                .toList());
  }

  private boolean mayKeep(CacheItem.Key key, ResponseClass kind, DnsMessage answer) {
    CacheRules.Bounds bounds = kind == ResponseClass.SUCCESS ? rules.success() : rules.denial();
    if (bounds.except().match(key.name(), clusterZone) != null || bounds.capacity() == 0) {
      return false;
    }
    boolean soa = answer.authority().stream().anyMatch(each -> each.type() == RecordType.SOA);
    // Without a SOA record nothing says how long a denial holds (RFC 2308, section 5).
    return switch (kind) {
      case SUCCESS -> soa || isAnswered(key, answer);
      case DENIAL -> soa;
      default -> true;
    };
  }

  /** Aliases alone, without what they lead to, are no answer to keep. */
  private static boolean isAnswered(CacheItem.Key key, DnsMessage answer) {
    return answer.answers().isEmpty()
        || key.type() == RecordType.ANY
        || answer.answers().stream().anyMatch(each -> each.type() == key.type());
  }

  /** The shortest time of all records; five seconds where there is none. */
  private static long least(DnsMessage answer, long most) {
    List<ResourceRecord> records =
        Stream.of(answer.answers(), answer.authority(), answer.additional())
            .flatMap(List::stream)
            .filter(each -> each.type() != RecordType.OPT)
            .toList();
    return records.isEmpty()
        ? 5
        : Math.min(most, records.stream().mapToLong(ResourceRecord::ttl).min().orElse(most));
  }
}
