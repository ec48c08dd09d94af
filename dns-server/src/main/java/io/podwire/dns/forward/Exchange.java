package io.podwire.dns.forward;

import io.podwire.packet.dns.DnsMessage;
import java.util.concurrent.CompletionStage;

/** Asks an upstream one question; thread-safe. */
interface Exchange {

  /**
   * The answer, whose id and question are the query's; fails where none came in time.
   *
   * @param overTcp not to be tried over UDP first
   */
  CompletionStage<DnsMessage> ask(Upstream.Target target, DnsMessage query, boolean overTcp);
}
