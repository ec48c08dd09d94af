package io.podwire.dns.hosts;

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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Answers the names of a hosts file, and the reverse names of its addresses.
 *
 * <p>A name of the file asked for another type is NODATA; no other resolver is asked for it.
 */
public final class HostsHandler implements DnsHandler {

  /** Seconds that clients may keep an answer. */
  private static final long TTL = 5;

  private final HostsFile hosts;

  public HostsHandler(HostsFile hosts) {
    this.hosts = hosts;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    List<IpAddress> addresses = hosts.addresses().getOrDefault(query.name(), List.of());
    List<DnsName> names =
        ReverseName.address(query.name())
            .map(address -> hosts.names().getOrDefault(address, List.of()))
            .orElse(List.of());
    if (addresses.isEmpty() && names.isEmpty()) {
      return rest.next(query);
    }
    // The file is read once, so what it says stays true.
    query.reuse().permit();
    List<ResourceRecord> answers =
        Stream.concat(
                addresses.stream().map(each -> each.isIpv4() ? new Rdata.A(each) : aaaa(each)),
                // The canonical name alone, as hosts files are read everywhere else.
                names.stream().limit(1).map(Rdata.Ptr::new))
            .filter(data -> data.type() == query.type() || query.type() == RecordType.ANY)
            .map(data -> ResourceRecord.of(query.name(), TTL, data))
            .toList();
    return CompletableFuture.completedFuture(
        query.authoritativeReply(Rcode.NOERROR).withAnswers(answers));
  }

  private static Rdata aaaa(IpAddress address) {
    return new Rdata.Aaaa(address);
  }
}
