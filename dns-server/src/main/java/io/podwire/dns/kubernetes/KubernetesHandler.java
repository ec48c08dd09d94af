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
  private final Optional<DnsName> configuredZone;
  private final DnsCounters counters;

  /**
   * @param zone such as {@code cluster.local}; empty for the one that the cluster says
   */
  public KubernetesHandler(ClusterState state, Optional<DnsName> zone, DnsCounters counters) {
    this.state = state;
    this.configuredZone = zone;
    this.counters = counters;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    DnsName name = query.name();
    ClusterIndex index = state.index();
    DnsName zone =
        configuredZone.orElseGet(() -> index == null ? ClusterIndex.DEFAULT_ZONE : index.zone());
    boolean reverse =
        name.isAtOrBelow(ReverseName.IPV4_ZONE) || name.isAtOrBelow(ReverseName.IPV6_ZONE);
    if (!reverse && !name.isAtOrBelow(zone)) {
      restOnIndex(query, index);
      return rest.next(query);
    }
    if (index == null) {
      counters.increment("kubernetes.unsynced");
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    return reverse
        ? pointers(query, new ClusterZone(index, zone), rest)
        : forwards(query, index, zone.labelCount(), rest);
  }

  /** The zone, the ranges and the serial of SOA records may all change with an update. */
  private void restOnIndex(Query query, @Nullable ClusterIndex index) {
    query.reuse().onlyWhile(index == null ? () -> state.index() == null : state.unchanged(index));
  }

  private CompletionStage<DnsMessage> forwards(
      Query query, ClusterIndex index, int zoneLabels, Rest rest) {
    DnsName name = query.name();
    DnsName asked = name.dropFirst(name.labelCount() - zoneLabels);
    ClusterZone cluster = new ClusterZone(index, asked);
    Finding finding = cluster.find(name, query.type());
    ServiceRecords service = cluster.service(name);
    if (finding instanceof Finding.Found && service != null) {
      // Other Services may come and go meanwhile.
      query.reuse().onlyWhile(state.unchanged(index, service));
    } else {
      restOnIndex(query, index);
    }
    if (!(finding instanceof Finding.Alias)) {
      query.reuse().permit();
    }
    return switch (finding) {
      case Finding.Found found -> done(answer(query, found));
      case Finding.NoData noData -> done(negative(query, Rcode.NOERROR, cluster.soa()));
      case Finding.NoName noName -> done(negative(query, Rcode.NXDOMAIN, cluster.soa()));
      case Finding.Alias alias -> chase(query, alias.target(), rest);
    };
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
    ResourceRecord alias =
        ResourceRecord.of(query.name(), ClusterZone.TTL, new Rdata.Cname(target));
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
      return rest.next(query);
    }
    List<ResourceRecord> answers = new ArrayList<>();
    for (DnsName name : zone.names(address.get())) {
      answers.add(ResourceRecord.of(query.name(), ClusterZone.TTL, new Rdata.Ptr(name)));
    }
    if (answers.isEmpty() && !ownsRange(zone.index().config(), address.get())) {
      return rest.next(query);
    }
    query.reuse().permit();
    if (answers.isEmpty()) {
      return done(negative(query, Rcode.NXDOMAIN, reverseSoa(query, zone.index())));
    }
    return query.type() == RecordType.PTR
        ? done(query.authoritativeReply(Rcode.NOERROR).withAnswers(answers))
        : done(negative(query, Rcode.NOERROR, reverseSoa(query, zone.index())));
  }

  /** No resolver outside can know the cluster's own ranges. */
  private static boolean ownsRange(ClusterConfig config, IpAddress address) {
    return Stream.concat(config.podCidrs().stream(), config.serviceCidrs().stream())
        .anyMatch(cidr -> cidr.contains(address));
  }

  private static ResourceRecord reverseSoa(Query query, ClusterIndex index) {
    DnsName name = query.name();
    return new ClusterZone(index, name.dropFirst(name.labelCount() - 2)).soa();
  }

  private static CompletionStage<DnsMessage> done(DnsMessage answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
