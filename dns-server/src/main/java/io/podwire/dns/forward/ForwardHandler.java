package io.podwire.dns.forward;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives a question to the first of some groups of upstreams that are for its name. Thread-safe. */
final class ForwardHandler implements DnsHandler {
  private final List<UpstreamGroup> groups;

  ForwardHandler(List<UpstreamGroup> groups) {
    this.groups = List.copyOf(groups);
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    return from(0, query, rest);
  }

  /** The answer of the first group from this one on that is for the name. */
  private CompletionStage<DnsMessage> from(int first, Query query, Rest rest) {
    for (int i = first; i < groups.size(); i++) {
      UpstreamGroup group = groups.get(i);
      if (group.isFor(query.name())) {
        int behind = i + 1;
        CompletionStage<DnsMessage> answer = group.answer(query, rest);
        return behind == groups.size()
            ? answer
            : answer.thenCompose(each ->
                group.goesOnFrom(each)
                    ? from(behind, query, rest)
                    : CompletableFuture.completedFuture(each));
      }
    }
    return rest.next(query);
  }
}
