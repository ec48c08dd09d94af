package io.podwire.dns.rewrite;

import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsMessage;
import org.jspecify.annotations.Nullable;

/** One line {@code rewrite}. Immutable and thread-safe. */
interface Rule {

  /** What it makes of a query; null where it is not for it. */
  @Nullable Rewritten apply(Query query);

  /** Whether the rules behind it are tried too where it was for the query. */
  boolean goesOn();

  /** Puts an answer right for who asked the first question. */
  @FunctionalInterface
  interface AnswerChange {
    DnsMessage apply(DnsMessage answer);
  }

  /** A question in place of another, and what to do with its answer. */
  record Rewritten(Query query, AnswerChange change) {}
}
