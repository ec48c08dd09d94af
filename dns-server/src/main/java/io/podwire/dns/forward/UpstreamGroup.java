package io.podwire.dns.forward;

import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.metrics.Metrics;
import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams of one line {@code forward}: tried in the order of its policy, those that are down
 * left out, until one answers.
 *
 * <p>Without upstreams the rest of the chain is asked. Thread-safe.
 */
final class UpstreamGroup {

  /** Seconds, as CoreDNS has them for all durations. */
  private static final double[] SECONDS = {
    0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024,
    2.048, 4.096, 8.192
  };

  /** For one question, whatever the rules say: an upstream may fail at once. */
  private static final int MOST_FAILURES = 1000;

  /** What all groups of a server share. */
  record Surroundings(
      Exchange exchange,
      ScheduledExecutorService timer,
      RandomGenerator random,
      LongSupplier nanos,
      Supplier<DnsName> clusterZone,
      DnsCounters counters,
      Metrics metrics) {}

  private final ForwardRules rules;
  private final Supplier<Optional<List<Upstream.Target>>> targets;
  private final Surroundings around;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile @Nullable Known known;

  /** What was made of a list of targets, until there is another. */
  private record Known(List<Upstream.Target> targets, List<Upstream> upstreams) {}

  /**
   * A group.
   *
   * @param targets looked at for each question; empty until they are known, which is SERVFAIL
   */
  UpstreamGroup(
      ForwardRules rules, Supplier<Optional<List<Upstream.Target>>> targets, Surroundings around) {
    this.rules = rules;
    this.targets = targets;
    this.around = around;
  }

  boolean isFor(DnsName name) {
    return name.isAtOrBelow(rules.from())
        && (name.equals(rules.from()) || rules.except().match(name, around.clusterZone()) == null);
  }

  /** Whether the next group is to be asked in place of what this one answered. */
  boolean goesOnFrom(DnsMessage answer) {
    return rules.alternatives().goesOnFrom(answer);
  }

  CompletionStage<DnsMessage> answer(Query query, Rest rest) {
    Optional<List<Upstream.Target>> now = targets.get();
    if (now.isEmpty()) {
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    List<Upstream> upstreams = upstreams(now.get());
    if (upstreams.isEmpty()) {
      return rest.next(query);
    }
    if (underWay.incrementAndGet() > rules.maxConcurrent() && rules.maxConcurrent() > 0) {
      underWay.decrementAndGet();
      around.counters().increment("forward.concurrency_cap");
      around
          .metrics()
          .counter("forward_max_concurrent_rejects", "Queries above max_concurrent.")
          .increment();
      return CompletableFuture.completedFuture(query.reply(Rcode.REFUSED));
    }
    around.counters().increment("forward.queries");
    return new Attempts(query, ordered(upstreams))
        .next()
        .whenComplete((answer, failure) -> underWay.decrementAndGet());
  }

  // The very same list is the same upstreams; another is looked at again.
  @SuppressWarnings("ReferenceEquality")
  private List<Upstream> upstreams(List<Upstream.Target> now) {
    Known before = known;
    if (before != null && before.targets == now) {
      return before.upstreams;
    }
    synchronized (this) {
      before = known;
      if (before != null && before.targets == now) {
        return before.upstreams;
      }
      if (before != null) {
        before.upstreams.forEach(Upstream::close);
      }
      List<Upstream> upstreams = now.stream().map(this::upstream).toList();
      known = new Known(now, upstreams);
      return upstreams;
    }
  }

  private Upstream upstream(Upstream.Target target) {
    return new Upstream(
        target,
        rules,
        around.exchange(),
        around.timer(),
        () ->
            around
                .metrics()
                .counter(
                    "proxy_healthcheck_failures",
                    "Failed health checks of upstreams.",
                    "proxy_name",
                    "forward",
                    "to",
                    target.toString())
                .increment());
  }

  private List<Upstream> ordered(List<Upstream> upstreams) {
    List<Upstream> order = new ArrayList<>(upstreams);
    switch (rules.policy()) {
      case RANDOM -> Collections.shuffle(order, around.random());
      // The next one first, the others in the order that they are written in.
      case ROUND_ROBIN ->
          order.add(0, order.remove(Math.floorMod(turn.incrementAndGet(), order.size())));
      case SEQUENTIAL -> {}
    }
    return order;
  }

  void close() {
    Known last = known;
    if (last != null) {
      last.upstreams.forEach(Upstream::close);
    }
  }

  /** One question's way through the upstreams, over and over until its time or tries are over. */
  private final class Attempts {
    private final Query query;
    private final List<Upstream> order;
    private final long began = around.nanos().getAsLong();
    private final int mostFailures;
    private int at;
    private int down;
    private int failures;
    private int displeasing;

    Attempts(Query query, List<Upstream> order) {
      this.query = query;
      this.order = order;
      this.mostFailures =
          switch (rules.maxAttempts()) {
            case ForwardRules.TWICE_EACH -> 2 * order.size();
            case 0 -> MOST_FAILURES;
            default -> Math.min(rules.maxAttempts(), MOST_FAILURES);
          };
    }

    CompletionStage<DnsMessage> next() {
      boolean late = around.nanos().getAsLong() - began >= ForwardRules.DEADLINE.toNanos();
      Upstream upstream = late || failures >= mostFailures ? null : choose();
      if (upstream == null) {
        return failed();
      }
      boolean tcp =
          rules.forceTcp() || !rules.preferUdp() && query.delivery().protocol().equals("tcp");
      long asked = around.nanos().getAsLong();
      return asked(upstream, tcp)
          .handle((answer, failure) -> {
            if (failure != null) {
              around.counters().increment("forward.upstream_failed");
              upstream.suspect();
              failures++;
              // All are down, and so was the one that was tried all the same.
              return down >= order.size() ? failed() : next();
            }
            around
                .metrics()
                .histogram(
                    "proxy_request_duration_seconds",
                    "Time that upstreams took to answer.",
                    SECONDS,
                    "proxy_name",
                    "forward",
                    "to",
                    upstream.target().toString(),
                    "rcode",
                    Rcode.text(answer.rcode()))
                .record((around.nanos().getAsLong() - asked) / 1e9);
            boolean another =
                rules.alternatives().failover().contains(answer.rcode())
                    && ++displeasing < order.size();
            return another ? next() : CompletableFuture.completedFuture(own(answer));
          })
          .thenCompose(stage -> stage);
    }

    private CompletionStage<DnsMessage> failed() {
      around.counters().increment("forward.all_failed");
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }

    /** The next that is not down; where all are, the checks may be wrong, and any will do. */
    private @Nullable Upstream choose() {
      if (at == order.size()) {
        at = 0;
        down = 0;
      }
      while (at < order.size()) {
        Upstream each = order.get(at++);
        if (!each.isDown()) {
          return each;
        }
        down++;
        if (down == order.size()) {
          around
              .metrics()
              .counter("forward_healthcheck_broken", "Times that all upstreams were down.")
              .increment();
          return rules.failFast() ? null : order.get(around.random().nextInt(order.size()));
        }
      }
      return choose();
    }

    private CompletionStage<DnsMessage> asked(Upstream upstream, boolean tcp) {
      try {
        return around.exchange().ask(upstream.target(), query.message(), tcp);
      } catch (RuntimeException e) {
        // Such as no file descriptor left: the same as an upstream that does not answer.
        return CompletableFuture.failedFuture(e);
      }
    }

    /** The upstream's answer under the query's id; its flags are what it said. */
    private DnsMessage own(DnsMessage answer) {
      answer.edns().stream()
          .flatMap(edns -> edns.options().stream())
          .filter(each -> UpstreamClient.isHandedOn(each.code()))
          .forEach(query.delivery()::option);
      DnsHeader header = answer.header().withId(query.message().header().id());
      return answer.withHeader(header).withQuestions(query.message().questions());
    }
  }
}
