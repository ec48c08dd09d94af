package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import io.podwire.packet.dns.ReverseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers the cluster's zone and the reverse names of its addresses.
 *
 * <p>Until the first snapshot both are SERVFAIL, never NXDOMAIN, which clients would keep.
 * Thread-safe.
 */
public final class KubernetesHandler implements DnsHandler {

  /** Aliases followed for one question; more are a loop or as good as one. */
  private static final int MAX_ALIASES = 8;

  private final ClusterState state;
  private final ZoneRules rules;
  private final Supplier<DnsName> clusterZone;
  private final DnsCounters counters;

  /** As in a server that was given no Corefile. */
  public KubernetesHandler(ClusterState state, DnsCounters counters) {
    this(state, ZoneRules.BUILT_IN, state::zone, counters);
  }

  /** As the rules say; one of their zones at least is no reverse one. */
  KubernetesHandler(
      ClusterState state, ZoneRules rules, Supplier<DnsName> clusterZone, DnsCounters counters) {
    this.state = state;
    this.rules = rules;
    this.clusterZone = clusterZone;
    this.counters = counters;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    ClusterIndex index = state.index();
    DnsName name = query.name();
    DnsName zone = rules.zones().match(name, clusterZone);
    if (zone == null) {
      if (rules.zones().cluster()) {
        // The zone itself may change with an update.
        restOnIndex(query, index);
      }
      return rest.next(query);
    }
    if (index == null) {
      counters.increment("kubernetes.unsynced");
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    // Answers keep the case of the question.
    DnsName asked = name.dropFirst(name.labelCount() - zone.labelCount());
    ClusterZone cluster = new ClusterZone(index, asked, rules);
    return isReverse(zone) ? pointers(query, cluster, rest) : forwards(query, cluster, rest);
  }

  private static boolean isReverse(DnsName zone) {
    return zone.isAtOrBelow(ReverseName.IPV4_ZONE) || zone.isAtOrBelow(ReverseName.IPV6_ZONE);
  }

  private void restOnIndex(Query query, @Nullable ClusterIndex index) {
    query.reuse().onlyWhile(index == null ? () -> state.index() == null : state.unchanged(index));
  }

  private CompletionStage<DnsMessage> forwards(Query query, ClusterZone cluster, Rest rest) {
    DnsName name = query.name();
    Finding finding = cluster.find(name, query.type());
    ServiceRecords service = cluster.service(name);
    if (finding instanceof Finding.Found && service != null && rules.namespaceLabels().isAll()) {
      // Other Services may come and go meanwhile.
      query.reuse().onlyWhile(state.unchanged(cluster.index(), service));
    } else {
      restOnIndex(query, cluster.index());
    }
    return switch (finding) {
      case Finding.Found found -> done(answer(permitted(query), found));
      case Finding.NoData noData -> done(negative(permitted(query), Rcode.NOERROR, cluster.soa()));
      case Finding.NoName noName -> unknown(query, cluster, rest);
      case Finding.Alias alias -> chase(query, alias.target(), rest);
    };
  }

  private CompletionStage<DnsMessage> unknown(Query query, ClusterZone cluster, Rest rest) {
    return rules.fallthrough().match(query.name(), clusterZone) != null
        ? rest.next(query)
        : done(negative(permitted(query), Rcode.NXDOMAIN, cluster.soa()));
  }

  private static Query permitted(Query query) {
    query.reuse().permit();
    return query;
  }

  private static DnsMessage answer(Query query, Finding.Found found) {
    return query
        .authoritativeReply(Rcode.NOERROR)
        .withAnswers(found.answers())
        .withAdditional(found.additional());
  }

  private static DnsMessage negative(Query query, int rcode, ResourceRecord soa) {
    return query.authoritativeReply(rcode).withAuthority(List.of(soa));
  }

  private CompletionStage<DnsMessage> chase(Query query, DnsName target, Rest rest) {
    ResourceRecord alias = ResourceRecord.of(query.name(), rules.ttl(), new Rdata.Cname(target));
    DnsMessage alone = query.authoritativeReply(Rcode.NOERROR).withAnswers(List.of(alias));
    if (query.type() == RecordType.CNAME) {
      return done(alone);
    }
    if (query.aliases() >= MAX_ALIASES) {
      counters.increment("kubernetes.alias_loop");
      return done(query.reply(Rcode.SERVFAIL));
    }
    return rest.fromStart(query.follow(target))
        .thenApply(found ->
            switch (found.rcode()) {
              case Rcode.SERVFAIL -> query.reply(Rcode.SERVFAIL);
              // Nobody here knows the target: the client has to ask on.
              case Rcode.REFUSED -> alone;
              default ->
                  alone
                      .withHeader(alone.header().withRcode(found.rcode()))
                      .withAnswers(
                          Stream.concat(Stream.of(alias), found.answers().stream()).toList())
                      .withAuthority(found.authority());
            });
  }

  private CompletionStage<DnsMessage> pointers(Query query, ClusterZone zone, Rest rest) {
    restOnIndex(query, zone.index());
    Optional<IpAddress> address = ReverseName.address(query.name());
    if (address.isEmpty()) {
      return unknown(query, zone, rest);
    }
    List<ResourceRecord> answers = new ArrayList<>();
    ClusterZone primary = new ClusterZone(zone.index(), primaryZone(), rules);
    for (DnsName name : primary.names(address.get())) {
      answers.add(ResourceRecord.of(query.name(), rules.ttl(), new Rdata.Ptr(name)));
    }
    if (answers.isEmpty()) {
      return rules.ownRanges() && ownsRange(zone.index().config(), address.get())
          ? done(negative(permitted(query), Rcode.NXDOMAIN, zone.soa()))
          : unknown(query, zone, rest);
    }
    permitted(query);
    return query.type() == RecordType.PTR
        ? done(query.authoritativeReply(Rcode.NOERROR).withAnswers(answers))
        : done(negative(query, Rcode.NOERROR, zone.soa()));
  }

  /** The first that is no reverse one: PTR records lead there. */
  private DnsName primaryZone() {
    return rules.zones().fixed().stream()
        .filter(each -> !isReverse(each))
        .findFirst()
        .orElseGet(clusterZone);
  }

  /** No resolver outside can know the cluster's own ranges. */
  private static boolean ownsRange(ClusterConfig config, IpAddress address) {
    return Stream.concat(config.podCidrs().stream(), config.serviceCidrs().stream())
        .anyMatch(cidr -> cidr.contains(address));
  }

  private static CompletionStage<DnsMessage> done(DnsMessage answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
