package io.podwire.dns.fault;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes clients' answers go wrong as the faults in force say: of those that are for a query the
 * first decides.
 *
 * <p>What the server itself asks, such as the target of an alias, is left alone. Thread-safe.
 */
public final class FaultHandler implements DnsHandler {
  private final DnsFaults faults;

  public FaultHandler(DnsFaults faults) {
    this.faults = faults;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    if (!faults.isOn() || !query.delivery().isToClient()) {
      return rest.next(query);
    }
    IpAddress client = IpAddress.of(query.client().getAddress().getAddress());
    ActiveFault fault = faults.find(query.question(), client, query.delivery().isOverUdp());
    if (fault == null) {
      return rest.next(query);
    }
    // The next one may get another answer: what is ready must not come of this one.
    Query once = query.onceOnly();
    long drawn = fault.draw(client);
    return fault.hits(drawn) ? affected(fault, once, drawn, rest) : rest.next(once);
  }

  private static CompletionStage<DnsMessage> affected(
      ActiveFault fault, Query query, long drawn, Rest rest) {
    DnsEffect.Action action = fault.effect().action();
    if (action == DnsEffect.Action.DELAY) {
      return delayed(fault, query, rest);
    }
    fault.tally().affected(action);
    return switch (action) {
      case NXDOMAIN -> done(query.reply(Rcode.NXDOMAIN));
      case SERVFAIL -> done(query.reply(Rcode.SERVFAIL));
      case REFUSED -> done(query.reply(Rcode.REFUSED));
      // No data: the name has none of this type.
      case A_ONLY, AAAA_ONLY -> done(query.reply(Rcode.NOERROR));
      case ADDRESS ->
          done(
              query
                  .reply(Rcode.NOERROR)
                  .withAnswers(WrongAddresses.records(fault.effect(), query.question(), drawn)));
      case TRUNCATED -> {
        DnsMessage empty = query.reply(Rcode.NOERROR);
        yield done(empty.withHeader(empty.header().withTruncated(true)));
      }
      case DROP -> dropped(query);
      case WRONG_ID -> {
        // Any but the right one.
        query.delivery().turnId(1 + (int) Long.remainderUnsigned(Lot.next(drawn), 0xffff));
        yield rest.next(query);
      }
      case DELAY -> throw new AssertionError("delayed above");
    };
  }

  private static CompletionStage<DnsMessage> delayed(ActiveFault fault, Query query, Rest rest) {
    long delay = fault.effect().delay().toNanos();
    fault.tally().waits();
    CompletionStage<Long> held = fault.ward().hold(delay);
    if (held == null) {
      fault.tally().overflowed(fault.ward().limit());
      return dropped(query);
    }
    return held.thenCompose(nanos -> {
      fault.tally().delayed(delay, nanos);
      return rest.next(query);
    });
  }

  private static CompletionStage<DnsMessage> dropped(Query query) {
    query.delivery().drop("dropped.fault");
    return done(query.reply(Rcode.SERVFAIL));
  }

  private static CompletionStage<DnsMessage> done(DnsMessage answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
