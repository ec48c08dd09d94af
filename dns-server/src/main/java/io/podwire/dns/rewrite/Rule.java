package io.podwire.dns.rewrite;

import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One line {@code rewrite}. Immutable and thread-safe. */
interface Rule {

  /**
   * What it makes of a query; null where it is not for it.
   *
   * @throws NoName where that is nothing that can be asked for
   */
  @Nullable Rewritten apply(Query query);

  /** Whether the rules behind it are tried too where it was for the query. */
  boolean goesOn();

  /** Puts an answer right for who asked the first question. */
  @FunctionalInterface
  interface AnswerChange {
    CompletionStage<DnsMessage> apply(DnsMessage answer, Rest rest);

    /** One that asks nobody. */
    static AnswerChange now(UnaryOperator<DnsMessage> change) {
      return (answer, rest) -> CompletableFuture.completedFuture(change.apply(answer));
    }

    /** Leaves answers as they are. */
    static AnswerChange none() {
      return now(UnaryOperator.identity());
    }
  }

  /** A question in place of another, and what to do with its answer. */
  record Rewritten(Query query, AnswerChange change) {}

  /** A rule made something of a name that is none; the answer is SERVFAIL. */
  final class NoName extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoName(String message) {
      // Thrown for a query: nobody looks at where.
      super(message, null, false, false);
    }
  }
}
