package io.podwire.dns.any;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code any}: questions of type ANY get an HINFO record (RFC 8482). */
public final class AnyPlugin implements Plugin {
  private static final long TTL = 8482;

  private static final DnsHandler HANDLER =
      (query, rest) ->
          query.type() != RecordType.ANY
              ? rest.next(query)
              : CompletableFuture.completedFuture(
                  query
                      .authoritativeReply(Rcode.NOERROR)
                      .withAnswers(
                          List.of(
                              ResourceRecord.of(
                                  query.name(),
                                  TTL,
                                  new Rdata.Hinfo("ANY obsoleted", "See RFC 8482")))));

  @Override
  public String name() {
    return "any";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    new Words(uses.get(0).head(), problems).end();
    Words.noOptions(uses.get(0), problems);
    return site -> Part.of(HANDLER);
  }
}
