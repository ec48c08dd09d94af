package io.podwire.dns.handler;

import io.podwire.packet.dns.DnsMessage;
import java.util.concurrent.CompletionStage;

/** What a handler may ask for when it does not answer alone. */
public interface Rest {

  /** The answer of the handlers behind this one. */
  CompletionStage<DnsMessage> next(Query query);

  /** The answer of the whole chain to another question, such as the target of an alias. */
  CompletionStage<DnsMessage> fromStart(Query query);
}
