package io.podwire.dns.handler;

import io.podwire.packet.dns.DnsMessage;
import java.util.concurrent.CompletionStage;

/**
 * One way to answer questions.
 *
 * <p>A handler answers what is its own and gives everything else to the rest of the chain, without
 * knowing who that is. It is called on an event loop and must not block; implementations are
 * thread-safe.
 *
 * <p>A handler whose answers rest on the name, the type and on things that it can name may have
 * them given again without being asked, see {@link Reuse}; by itself no answer is.
 */
@FunctionalInterface
public interface DnsHandler {

  /**
   * Answers a query, or lets the rest of the chain do so.
   *
   * @return a response to {@link Query#message()}; its id, questions, size and OPT record are put
   *     right by the server
   */
  CompletionStage<DnsMessage> handle(Query query, Rest rest);
}
