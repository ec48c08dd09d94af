package io.podwire.dns.dns64;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.packet.addr.Cidr;
import java.util.List;
import java.util.Set;

/** {@code dns64 [PREFIX]}: IPv6 addresses for names that have IPv4 ones alone (RFC 6147). */
public final class Dns64Plugin implements Plugin {
  private static final String WELL_KNOWN = "64:ff9b::/96";
  private static final Set<Integer> LENGTHS = Set.of(32, 40, 48, 56, 64, 96);

  @Override
  public String name() {
    return "dns64";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words head = new Words(uses.get(0).head(), problems);
    Cidr prefix = head.hasNext() ? prefix(head) : Cidr.parse(WELL_KNOWN);
    head.end();
    boolean always = false;
    boolean ipv4 = false;
    for (Line line : uses.get(0).options()) {
      Words words = new Words(line, problems);
      switch (line.name()) {
        case "prefix" -> prefix = prefix(words);
        case "translate_all" -> always = true;
        case "allow_ipv4" -> ipv4 = true;
        default -> Words.unknown("dns64", line, problems, "prefix", "translate_all", "allow_ipv4");
      }
      words.end();
    }
    Cidr chosen = prefix;
    boolean everything = always;
    boolean forIpv4 = ipv4;
    return site ->
        Part.of(
            new Dns64Handler(
                chosen,
                everything,
                forIpv4,
                () ->
                    site.metrics()
                        .counter(
                            "dns64_requests_translated",
                            "Queries that were answered with made addresses.",
                            "server",
                            site.server())
                        .increment()));
  }

  private static Cidr prefix(Words words) {
    String text = words.text("a prefix such as " + WELL_KNOWN);
    try {
      Cidr prefix = Cidr.parse(text);
      if (!prefix.isIpv4() && LENGTHS.contains(prefix.prefixLength())) {
        return prefix;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    words.problem(
        "'" + text + "' is no prefix; write an IPv6 network of 32, 40, 48, 56, 64 or 96 bits");
    return Cidr.parse(WELL_KNOWN);
  }
}
