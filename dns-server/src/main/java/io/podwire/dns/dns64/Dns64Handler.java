package io.podwire.dns.dns64;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes AAAA records of A records where a name has no others. Thread-safe. */
final class Dns64Handler implements DnsHandler {

  /** Seconds at most where no SOA record says how long there is no other (RFC 6147, 5.1.7). */
  private static final long DEFAULT_TTL = 600;

  private final Cidr prefix;
  private final boolean always;
  private final boolean forIpv4;
  private final Runnable onTranslation;

  Dns64Handler(Cidr prefix, boolean always, boolean forIpv4, Runnable onTranslation) {
    this.onTranslation = onTranslation;
    this.prefix = prefix;
    this.always = always;
    this.forIpv4 = forIpv4;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    boolean ipv4 = query.client().getAddress().getAddress().length == 4;
    if (query.type() != RecordType.AAAA) {
      return rest.next(query);
    }
    // Who asks decides, so no answer is for all.
    Query once = query.onceOnly();
    if (ipv4 && !forIpv4) {
      return rest.next(once);
    }
    return rest.next(once)
        .thenCompose(answer ->
            isEnough(answer)
                ? CompletableFuture.completedFuture(answer)
                : rest.next(query.inside(Question.of(query.name(), RecordType.A)))
                    .thenApply(found -> translated(query, answer, found)));
  }

  private boolean isEnough(DnsMessage answer) {
    return answer.rcode() == Rcode.NXDOMAIN
        || !always && answer.answers().stream().anyMatch(each -> each.type() == RecordType.AAAA);
  }

  private DnsMessage translated(Query query, DnsMessage before, DnsMessage found) {
    onTranslation.run();
    long most =
        before.authority().stream()
            .filter(each -> each.type() == RecordType.SOA)
            .mapToLong(ResourceRecord::ttl)
            .findFirst()
            .orElse(DEFAULT_TTL);
    List<ResourceRecord> answers =
        found.answers().stream()
            .map(each ->
                each.data() instanceof Rdata.A a
                    ? ResourceRecord.of(
                        each.name(),
                        Math.min(each.ttl(), most),
                        new Rdata.Aaaa(embedded(prefix, a.address())))
                    : each)
            .toList();
    return query
        .reply(found.rcode())
        .withAnswers(answers)
        .withAuthority(found.authority())
        .withAdditional(found.withoutEdns().additional());
  }

  /** The address within the prefix; octet 8 stays zero (RFC 6052, section 2.2). */
  static IpAddress embedded(Cidr prefix, IpAddress address) {
    byte[] octets =
        ByteBuffer.allocate(16).putLong(prefix.base().high()).putLong(prefix.base().low()).array();
    int at = prefix.prefixLength() / 8;
    for (byte octet : address.toBytes()) {
      if (at == 8) {
        at++;
      }
      octets[at++] = octet;
    }
    ByteBuffer bits = ByteBuffer.wrap(octets);
    return new IpAddress(bits.getLong(), bits.getLong());
  }
}
