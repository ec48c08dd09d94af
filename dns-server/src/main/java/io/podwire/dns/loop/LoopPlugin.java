package io.podwire.dns.loop;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import java.util.List;

/** {@code loop}: ends the server where its questions to upstreams come back to it. */
public final class LoopPlugin implements Plugin {

  @Override
  public String name() {
    return "loop";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    new Words(uses.get(0).head(), problems).end();
    Words.noOptions(uses.get(0), problems);
    return site -> new LoopProbe(site);
  }
}
