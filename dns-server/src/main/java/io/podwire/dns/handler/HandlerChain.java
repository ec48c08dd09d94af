package io.podwire.dns.handler;

import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handlers in the order given; a question that none of them answers is REFUSED. Thread-safe. */
public final class HandlerChain {
  private final List<DnsHandler> handlers;

  public HandlerChain(List<DnsHandler> handlers) {
    this.handlers = List.copyOf(handlers);
  }

  public CompletionStage<DnsMessage> answer(Query query) {
    return new From(0).next(query);
  }

  /** The handlers from this index on. */
  private final class From implements Rest {
    private final int index;

    From(int index) {
      this.index = index;
    }

    @Override
    public CompletionStage<DnsMessage> next(Query query) {
      return index == handlers.size()
          ? CompletableFuture.completedFuture(query.reply(Rcode.REFUSED))
          : handlers.get(index).handle(query, new From(index + 1));
    }

    @Override
    public CompletionStage<DnsMessage> fromStart(Query query) {
      return answer(query);
    }
  }
}
