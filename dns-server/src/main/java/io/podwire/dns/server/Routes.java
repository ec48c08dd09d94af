package io.podwire.dns.server;

import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The chains of one listener by zone: the longest that a name is in answers.
 *
 * <p>Immutable and thread-safe.
 */
public final class Routes {
  private final Map<DnsName, HandlerChain> chains;
  private final boolean otherClasses;

  public Routes(Map<DnsName, HandlerChain> chains) {
    this(chains, false);
  }

  /**
   * With what is to become of questions of other classes than IN.
   *
   * @param otherClasses whether the chains have a use for them; else they are REFUSED
   */
  public Routes(Map<DnsName, HandlerChain> chains, boolean otherClasses) {
    this.chains = Map.copyOf(chains);
    this.otherClasses = otherClasses;
  }

  /** Whether questions of a class may be asked of the chains. */
  boolean takes(int dnsClass) {
    return otherClasses || dnsClass == RecordClass.IN;
  }

  /** One chain for all names. */
  public static Routes all(HandlerChain chain) {
    return new Routes(Map.of(DnsName.ROOT, chain));
  }

  /** The answer of the zone's chain; REFUSED where there is none for the name. */
  CompletionStage<DnsMessage> answer(Query query) {
    HandlerChain chain = find(query.name(), query.type());
    return chain == null
        ? CompletableFuture.completedFuture(query.reply(Rcode.REFUSED))
        : chain.answer(query, this::answer);
  }

  private @Nullable HandlerChain find(DnsName name, int type) {
    HandlerChain own = null;
    for (DnsName at = name; !at.isRoot(); at = at.dropFirst(1)) {
      HandlerChain chain = chains.get(at);
      if (chain == null) {
        continue;
      }
      // A DS record is the parent's to give (RFC 4035, section 3.1.4.1).
      if (type != RecordType.DS || !at.equals(name)) {
        return chain;
      }
      own = chain;
    }
    return own != null ? own : chains.get(DnsName.ROOT);
  }
}
