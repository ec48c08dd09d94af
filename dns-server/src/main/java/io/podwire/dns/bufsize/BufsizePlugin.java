package io.podwire.dns.bufsize;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.server.ServerLimits;
import java.util.List;

/** {@code bufsize [SIZE]}: no datagram is larger, whatever a client takes. */
public final class BufsizePlugin implements Plugin {

  @Override
  public String name() {
    return "bufsize";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words words = new Words(uses.get(0).head(), problems);
    int own = ServerLimits.DEFAULT.udpPayload();
    int size = words.hasNext() ? words.number("size in octets", 512, 4096, own) : own;
    words.end();
    Words.noOptions(uses.get(0), problems);
    return site ->
        Part.of((query, rest) -> {
          query.delivery().limit(size);
          // Ready answers know the server's own limit alone.
          return rest.next(size == own ? query : query.onceOnly());
        });
  }
}
