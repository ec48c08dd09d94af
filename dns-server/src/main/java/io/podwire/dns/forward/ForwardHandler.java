package io.podwire.dns.forward;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsMessage;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Gives a question to the first of some groups of upstreams that are for its name. Thread-safe. */
final class ForwardHandler implements DnsHandler {
  private final List<UpstreamGroup> groups;

  ForwardHandler(List<UpstreamGroup> groups) {
    this.groups = List.copyOf(groups);
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    for (UpstreamGroup group : groups) {
      if (group.isFor(query.name())) {
        return group.answer(query, rest);
      }
    }
    return rest.next(query);
  }
}
