package io.podwire.dns.whoami;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.ResourceRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code whoami}: answers every question with the client's address, port and protocol. */
public final class WhoamiPlugin implements Plugin {

  private static final DnsHandler HANDLER =
      (query, rest) -> {
        IpAddress address = IpAddress.of(query.client().getAddress().getAddress());
        DnsName service =
            query.name().tryChild("_" + query.delivery().protocol()).orElse(query.name());
        return CompletableFuture.completedFuture(
            query
                .authoritativeReply(Rcode.NOERROR)
                .withAdditional(
                    List.of(
                        ResourceRecord.of(
                            query.name(),
                            0,
                            address.isIpv4() ? new Rdata.A(address) : new Rdata.Aaaa(address)),
                        ResourceRecord.of(
                            service,
                            0,
                            new Rdata.Srv(0, 0, query.client().getPort(), DnsName.ROOT)))));
      };

  @Override
  public String name() {
    return "whoami";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    new Words(uses.get(0).head(), problems).end();
    Words.noOptions(uses.get(0), problems);
    return site -> Part.of(HANDLER);
  }
}
