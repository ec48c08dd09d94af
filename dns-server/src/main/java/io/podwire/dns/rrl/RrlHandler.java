package io.podwire.dns.rrl;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.ResponseClass;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Drops what a network is told too often over UDP, where its sender may be forged; now and then it
 * is told to come by TCP instead. Who has proved its address by a cookie is not bounded.
 * Thread-safe.
 */
final class RrlHandler implements DnsHandler {

  /**
   * What the Corefile says; rates in responses a second, 0 for none.
   *
   * @param slip one in so many of those above the rate is a truncated one; 0 for never
   */
  record Rules(
      Zones zones,
      int window,
      int responses,
      int denials,
      int errors,
      int ipv4Bits,
      int ipv6Bits,
      int slip,
      int table,
      boolean reportOnly) {}

  private final Rules rules;
  private final Accounts accounts;
  private final Supplier<DnsName> clusterZone;
  private final LongSupplier nanos;
  private final LongAdder exceeded;

  RrlHandler(Rules rules, Site site) {
    this.rules = rules;
    this.accounts = new Accounts(rules.table(), rules.window());
    this.clusterZone = site.clusterZone();
    this.nanos = site.nanos();
    this.exceeded =
        site.metrics()
            .counter(
                "rrl_responses_exceeded", "Responses above the rate.", "server", site.server());
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    if (rules.zones().match(query.name(), clusterZone) == null) {
      return rest.next(query);
    }
    // Each response is counted, so none is given without the count.
    Query once = query.onceOnly();
    boolean counted = query.delivery().isOverUdp() && !query.delivery().isProven();
    return counted ? rest.next(once).thenApply(answer -> bounded(query, answer)) : rest.next(once);
  }

  private DnsMessage bounded(Query query, DnsMessage answer) {
    ResponseClass kind = ResponseClass.of(answer);
    int rate =
        switch (kind) {
          case SUCCESS -> rules.responses();
          case DENIAL -> rules.denials();
          case FAILURE, OTHER -> rules.errors();
        };
    if (rate == 0) {
      return answer;
    }
    int tooMany = accounts.take(key(query, answer, kind), rate, nanos.getAsLong());
    if (tooMany == 0) {
      return answer;
    }
    exceeded.increment();
    if (rules.reportOnly()) {
      return answer;
    }
    if (rules.slip() > 0 && tooMany % rules.slip() == 0) {
      DnsMessage empty = query.reply(Rcode.NOERROR);
      return empty.withHeader(empty.header().withTruncated(true));
    }
    query.delivery().drop("dropped.rate");
    return answer;
  }

  /** Names that do not exist count together under their zone: an attacker can make up many. */
  private Accounts.Key key(Query query, DnsMessage answer, ResponseClass kind) {
    String name =
        switch (kind) {
          case SUCCESS -> query.name() + " " + query.type();
          case DENIAL ->
              answer.authority().stream()
                  .filter(each -> each.type() == RecordType.SOA)
                  .map(each -> each.name().toString())
                  .findFirst()
                  .orElse("");
          case FAILURE, OTHER -> "";
        };
    return new Accounts.Key(
        network(query.client().getAddress().getAddress()),
        kind.name(),
        name.toLowerCase(Locale.ROOT));
  }

  private long network(byte[] address) {
    if (address.length == 4) {
      long bits = ByteBuffer.wrap(address).getInt() & 0xffff_ffffL;
      return rules.ipv4Bits() == 0 ? 0 : bits >>> 32 - rules.ipv4Bits() << 1 | 1;
    }
    long high = ByteBuffer.wrap(address).getLong();
    return rules.ipv6Bits() == 0 ? 0 : high >>> 64 - rules.ipv6Bits() << 1;
  }
}
