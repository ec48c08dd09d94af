package io.podwire.dns.forward;

import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Asks upstream resolvers, one after the other until one answers.
 *
 * <p>Begins with the one that answered last, so that one that is down costs its timeout once.
 * Without upstreams the rest of the chain is asked. Thread-safe.
 */
public final class ForwardHandler implements DnsHandler {

  /** Asks one upstream one question. */
  public interface Upstream {
    /** The answer, with the id of the query; fails where none came in time. */
    CompletionStage<DnsMessage> ask(InetSocketAddress upstream, DnsMessage query);
  }

  private final Supplier<Optional<List<InetSocketAddress>>> upstreams;
  private final Upstream upstream;
  private final int maxConcurrent;
  private final DnsCounters counters;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile int preferred;

  /**
   * @param upstreams looked at for each question; empty until they are known, which is SERVFAIL
   */
  public ForwardHandler(
      Supplier<Optional<List<InetSocketAddress>>> upstreams,
      Upstream upstream,
      int maxConcurrent,
      DnsCounters counters) {
    this.upstreams = upstreams;
    this.upstream = upstream;
    this.maxConcurrent = maxConcurrent;
    this.counters = counters;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    Optional<List<InetSocketAddress>> known = upstreams.get();
    if (known.isEmpty()) {
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    List<InetSocketAddress> candidates = known.get();
    if (candidates.isEmpty()) {
      return rest.next(query);
    }
    if (underWay.incrementAndGet() > maxConcurrent) {
      underWay.decrementAndGet();
      counters.increment("forward.concurrency_cap");
      return CompletableFuture.completedFuture(query.reply(Rcode.REFUSED));
    }
    counters.increment("forward.queries");
    return ask(query, candidates, preferred, 0)
        .whenComplete((answer, failure) -> underWay.decrementAndGet());
  }

  private CompletionStage<DnsMessage> ask(
      Query query, List<InetSocketAddress> candidates, int first, int tried) {
    if (tried == candidates.size()) {
      counters.increment("forward.all_failed");
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    int index = (first + tried) % candidates.size();
    return asked(candidates.get(index), query.message())
        .handle((answer, failure) -> {
          if (failure != null) {
            counters.increment("forward.upstream_failed");
            return ask(query, candidates, first, tried + 1);
          }
          preferred = index;
          return CompletableFuture.completedFuture(own(query, answer));
        })
        .thenCompose(stage -> stage);
  }

  private CompletionStage<DnsMessage> asked(InetSocketAddress address, DnsMessage query) {
    try {
      return upstream.ask(address, query);
    } catch (RuntimeException e) {
      // Such as no file descriptor left: the same as an upstream that does not answer.
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The upstream's answer as our own: recursion is available, authority is not ours. */
  private static DnsMessage own(Query query, DnsMessage answer) {
    DnsHeader header =
        answer
            .header()
            .withId(query.message().header().id())
            .withAuthoritative(false)
            .withRecursionAvailable(true);
    return answer.withHeader(header).withQuestions(query.message().questions());
  }
}
