package io.podwire.dns.loadbalance;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import java.util.List;

/** {@code loadbalance [round_robin]}: addresses in a new random order each time. */
public final class LoadBalancePlugin implements Plugin {

  @Override
  public String name() {
    return "loadbalance";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words words = new Words(uses.get(0).head(), problems);
    if (words.hasNext()) {
      words.oneOf("policy of loadbalance", "round_robin");
    }
    words.end();
    Words.noOptions(uses.get(0), problems);
    return site -> Part.of(new LoadBalanceHandler(site.random()));
  }
}
