package io.podwire.dns.zonefile;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Answers from zones of master files. Thread-safe. */
final class ZoneHandler implements DnsHandler {

  /** Aliases within a zone that are followed; more are a loop or as good as one. */
  private static final int MAX_ALIASES = 9;

  private final Supplier<Map<DnsName, Zone>> zones;
  private final Zones fallthrough;

  ZoneHandler(Supplier<Map<DnsName, Zone>> zones, Zones fallthrough) {
    this.zones = zones;
    this.fallthrough = fallthrough;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    Map<DnsName, Zone> now = zones.get();
    Zone zone = null;
    for (Map.Entry<DnsName, Zone> each : now.entrySet()) {
      boolean longer = zone == null || each.getKey().length() > zone.origin().length();
      if (query.name().isAtOrBelow(each.getKey()) && longer) {
        zone = each.getValue();
      }
    }
    if (zone == null) {
      return rest.next(query);
    }
    if (zone.soa() == null) {
      return done(query.reply(Rcode.SERVFAIL));
    }
    return answer(query, zone, query.name(), new ArrayList<>(), rest);
  }

  private CompletionStage<DnsMessage> answer(
      Query query, Zone zone, DnsName name, List<ResourceRecord> aliases, Rest rest) {
    Zone.Found found = zone.find(name, query.type());
    DnsMessage reply = query.authoritativeReply(Rcode.NOERROR);
    ResourceRecord soa = soa(zone);
    return switch (found.kind()) {
      case ANSWER -> {
        List<ResourceRecord> servers =
            query.type() == RecordType.NS ? List.of() : zone.of(zone.origin(), RecordType.NS);
        yield done(
            reply
                .withAnswers(joined(aliases, found.records()))
                .withAuthority(servers)
                .withAdditional(zone.glue(found.records())));
      }
      case ALIAS -> alias(query, zone, joined(aliases, found.records()), rest);
      case REFERRAL ->
          done(
              query
                  .reply(Rcode.NOERROR)
                  .withAnswers(aliases)
                  .withAuthority(found.records())
                  .withAdditional(zone.glue(found.records())));
      case NO_DATA -> done(reply.withAnswers(aliases).withAuthority(List.of(soa)));
      case NO_NAME ->
          aliases.isEmpty() && fallthrough.match(name, zone::origin) != null
              ? rest.next(query)
              : done(
                  query
                      .authoritativeReply(Rcode.NXDOMAIN)
                      .withAnswers(aliases)
                      .withAuthority(List.of(soa)));
    };
  }

  private CompletionStage<DnsMessage> alias(
      Query query, Zone zone, List<ResourceRecord> aliases, Rest rest) {
    Rdata last = aliases.get(aliases.size() - 1).data();
    DnsName target = ((Rdata.Cname) last).target();
    DnsMessage so = query.authoritativeReply(Rcode.NOERROR).withAnswers(aliases);
    if (aliases.size() >= MAX_ALIASES) {
      return done(so);
    }
    if (target.isAtOrBelow(zone.origin())) {
      return answer(query, zone, target, aliases, rest);
    }
    if (query.aliases() >= MAX_ALIASES) {
      return done(so);
    }
    return rest.fromStart(query.follow(target))
        .thenApply(found -> so.withAnswers(joined(aliases, found.answers())));
  }

  /** Soa records of denials last no longer than their minimum (RFC 2308, section 3). */
  private static ResourceRecord soa(Zone zone) {
    ResourceRecord soa = zone.soa();
    if (soa == null || !(soa.data() instanceof Rdata.Soa data)) {
      throw new IllegalStateException(zone.origin() + " has no SOA record");
    }
    return ResourceRecord.of(soa.name(), Math.min(soa.ttl(), data.minimum()), data);
  }

  private static List<ResourceRecord> joined(
      List<ResourceRecord> first, List<ResourceRecord> second) {
    List<ResourceRecord> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static CompletionStage<DnsMessage> done(DnsMessage answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
