package io.podwire.dns.rewrite;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Applies rules in their order up to the first that is for a query, or on behind those that go on;
 * the answer is put right in the reverse order. Thread-safe.
 */
final class RewriteHandler implements DnsHandler {
  private final List<Rule> rules;

  RewriteHandler(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    Query now = query;
    List<Rule.AnswerChange> changes = new ArrayList<>();
    try {
      for (Rule rule : rules) {
        Rule.Rewritten rewritten = rule.apply(now);
        if (rewritten != null) {
          now = rewritten.query();
          changes.add(rewritten.change());
          if (!rule.goesOn()) {
            break;
          }
        }
      }
    } catch (Rule.NoName e) {
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    if (changes.isEmpty()) {
      return rest.next(query);
    }
    // A ready answer is one to the question that was asked, octet for octet: not this one.
    CompletionStage<DnsMessage> answer = rest.next(now.onceOnly());
    for (int i = changes.size() - 1; i >= 0; i--) {
      Rule.AnswerChange change = changes.get(i);
      answer = answer.thenCompose(each -> change.apply(each, rest));
    }
    return answer.thenApply(each -> each.withQuestions(query.message().questions()));
  }
}
