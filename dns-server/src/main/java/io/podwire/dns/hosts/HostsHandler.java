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

  /** What the Corefile says. */
  record Rules(Zones zones, Zones fallthrough, long ttl, boolean reverse) {
    static final Rules DEFAULT = new Rules(Zones.ALL, Zones.ALL, 5, true);
  }

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
    boolean inZones = rules.zones().match(query.name(), clusterZone) != null;
    List<IpAddress> addresses =
        inZones ? now.addresses().getOrDefault(query.name(), List.of()) : List.of();
    List<DnsName> names =
        rules.reverse()
            ? ReverseName.address(query.name())
                .map(address -> now.names().getOrDefault(address, List.of()))
                .orElse(List.of())
            : List.of();
    if (addresses.isEmpty() && names.isEmpty()) {
      boolean pass =
          !inZones
              || query.type() == RecordType.PTR
              || rules.fallthrough().match(query.name(), clusterZone) != null;
      // There is no SOA record to say NXDOMAIN with.
      return pass
          ? rest.next(query)
          : CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
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
    return CompletableFuture.completedFuture(
        query.authoritativeReply(Rcode.NOERROR).withAnswers(answers));
  }
}
