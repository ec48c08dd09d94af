package io.podwire.dns.hosts;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import io.podwire.packet.dns.ReverseName;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Answers the names of a hosts file, and the reverse names of its addresses.
 *
 * <p>A name of the file asked for another type is NODATA; no other resolver is asked for it.
 * Thread-safe.
 */
public final class HostsHandler implements DnsHandler {

  /**
   * What the Corefile says.
   *
   * @param unsupported whether names of the file are left to others too, asked for types that a
   *     hosts file cannot have
   * @param authoritative whether there is nothing in the zones but what the file says
   */
  record Rules(
      Zones zones,
      Zones fallthrough,
      long ttl,
      boolean reverse,
      boolean unsupported,
      boolean authoritative) {
    static final Rules DEFAULT = new Rules(Zones.ALL, Zones.ALL, 5, true, false, false);
  }

  private static final Set<Integer> SUPPORTED =
      Set.of(RecordType.A, RecordType.AAAA, RecordType.PTR, RecordType.ANY);

  private final Supplier<HostsFile> hosts;
  private final Rules rules;
  private final Supplier<DnsName> clusterZone;

  /** One that never changes, beside which others may know more. */
  public HostsHandler(HostsFile hosts) {
    this(() -> hosts, Rules.DEFAULT, () -> DnsName.ROOT);
  }

  /** One that may change: the supplier gives another one then. */
  HostsHandler(Supplier<HostsFile> hosts, Rules rules, Supplier<DnsName> clusterZone) {
    this.hosts = hosts;
    this.rules = rules;
    this.clusterZone = clusterZone;
  }

  // The very same instance is the same content.
  @SuppressWarnings("ReferenceEquality")
  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    HostsFile now = hosts.get();
    query.reuse().onlyWhile(() -> hosts.get() == now);
    DnsName zone = rules.zones().match(query.name(), clusterZone);
    List<IpAddress> addresses =
        zone != null ? now.addresses().getOrDefault(query.name(), List.of()) : List.of();
    List<DnsName> names =
        rules.reverse()
            ? ReverseName.address(query.name())
                .map(address -> now.names().getOrDefault(address, List.of()))
                .orElse(List.of())
            : List.of();
    boolean falls = rules.fallthrough().match(query.name(), clusterZone) != null;
    if (addresses.isEmpty() && names.isEmpty()) {
      if (zone == null || falls || query.type() == RecordType.PTR && !rules.authoritative()) {
        return rest.next(query);
      }
      if (rules.authoritative()) {
        query.reuse().permit();
        return CompletableFuture.completedFuture(
            query.authoritativeReply(Rcode.NXDOMAIN).withAuthority(List.of(soa(zone))));
      }
      // There is no SOA record to say NXDOMAIN with.
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    if (rules.unsupported() && falls && !SUPPORTED.contains(query.type())) {
      return rest.next(query);
    }
    query.reuse().permit();
    List<ResourceRecord> answers =
        Stream.concat(
                addresses.stream()
                    .<Rdata>map(each -> each.isIpv4() ? new Rdata.A(each) : new Rdata.Aaaa(each)),
                // The canonical name alone, as hosts files are read everywhere else.
                names.stream().limit(1).map(Rdata.Ptr::new))
            .filter(data -> data.type() == query.type() || query.type() == RecordType.ANY)
            .map(data -> ResourceRecord.of(query.name(), rules.ttl(), data))
            .toList();
    DnsMessage answer = query.authoritativeReply(Rcode.NOERROR).withAnswers(answers);
    return CompletableFuture.completedFuture(
        answers.isEmpty() && rules.authoritative() && zone != null
            ? answer.withAuthority(List.of(soa(zone)))
            : answer);
  }

  private ResourceRecord soa(DnsName zone) {
    return ResourceRecord.of(
        zone,
        rules.ttl(),
        new Rdata.Soa(
            zone.child("ns"), zone.child("hostmaster"), 1, 7200, 1800, 86400, rules.ttl()));
  }
}
