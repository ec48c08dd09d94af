package io.podwire.dns.errors;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.util.concurrent.CompletionStage;

/** Tells the log of answers that failed. Thread-safe. */
final class ErrorsHandler implements DnsHandler {
  private final Consolidation log;

  ErrorsHandler(Consolidation log) {
    this.log = log;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    CompletionStage<DnsMessage> answer = rest.next(query);
    return query.delivery().isToClient()
        ? answer.whenComplete((message, failure) -> note(query, message, failure))
        : answer;
  }

  private void note(Query query, DnsMessage message, Throwable failure) {
    if (failure != null || message.rcode() == Rcode.SERVFAIL) {
      String reason = failure == null ? "no answer could be had" : failure.toString();
      log.tell(
          Rcode.SERVFAIL
              + " "
              + query.name()
              + " "
              + RecordType.text(query.type())
              + ": "
              + reason);
    }
  }
}
