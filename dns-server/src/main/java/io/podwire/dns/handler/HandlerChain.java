package io.podwire.dns.handler;

import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handlers in the order given; a question that none of them answers is REFUSED. Thread-safe. */
public final class HandlerChain {
  private final List<DnsHandler> handlers;
  private final List<String> names;

  /** Handlers without names. */
  public HandlerChain(List<DnsHandler> handlers) {
    this(handlers, handlers.stream().map(each -> "").toList());
  }

  /**
   * Handlers with names.
   *
   * @param names one for each, as metrics call them
   */
  public HandlerChain(List<DnsHandler> handlers, List<String> names) {
    this.handlers = List.copyOf(handlers);
    this.names = List.copyOf(names);
  }

  public CompletionStage<DnsMessage> answer(Query query) {
    return answer(query, this::answer);
  }

  /**
   * As above, in a server that has other chains too.
   *
   * @param start answers what a handler asks of the whole server
   */
  public CompletionStage<DnsMessage> answer(Query query, Start start) {
    return new From(0, start).next(query);
  }

  /** Where a question that a handler has begins. */
  @FunctionalInterface
  public interface Start {
    CompletionStage<DnsMessage> answer(Query query);
  }

  /** The handlers from this index on. */
  private final class From implements Rest {
    private final int index;
    private final Start start;

    From(int index, Start start) {
      this.index = index;
      this.start = start;
    }

    @Override
    public CompletionStage<DnsMessage> next(Query query) {
      query.delivery().asked(index == handlers.size() ? "" : names.get(index));
      return index == handlers.size()
          ? CompletableFuture.completedFuture(query.reply(Rcode.REFUSED))
          : handlers.get(index).handle(query, new From(index + 1, start));
    }

    @Override
    public CompletionStage<DnsMessage> fromStart(Query query) {
      return start.answer(query);
    }
  }
}
