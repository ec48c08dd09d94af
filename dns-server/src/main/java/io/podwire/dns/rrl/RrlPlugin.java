package io.podwire.dns.rrl;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code rrl [ZONES…]}: response rate limiting, as CoreDNS's external plugin of that name. */
public final class RrlPlugin implements Plugin {
  private static final Map<String, Integer> MOST =
      Map.of(
          "window", 3600,
          "responses-per-second", 1_000_000,
          "nxdomains-per-second", 1_000_000,
          "errors-per-second", 1_000_000,
          "ipv4-prefix-length", 32,
          "ipv6-prefix-length", 56,
          "slip-ratio", 10,
          "max-table-size", 1_000_000);

  @Override
  public String name() {
    return "rrl";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Zones zones = Zones.readOrOf(block, uses.get(0).head().arguments(), problems);
    Map<String, Integer> numbers = new HashMap<>();
    boolean reportOnly = false;
    for (Line line : uses.get(0).options()) {
      Words words = new Words(line, problems);
      Integer most = MOST.get(line.name());
      if (most != null) {
        numbers.put(line.name(), words.number("number", 0, most, 0));
      } else if (line.name().equals("report-only")) {
        reportOnly = true;
      } else {
        words.rest();
        Words.unknown(
            "rrl",
            line,
            problems,
            "window",
            "responses-per-second",
            "nxdomains-per-second",
            "errors-per-second",
            "ipv4-prefix-length",
            "ipv6-prefix-length",
            "slip-ratio",
            "max-table-size",
            "report-only");
      }
      words.end();
    }
    int responses = numbers.getOrDefault("responses-per-second", 0);
    RrlHandler.Rules rules =
        new RrlHandler.Rules(
            zones,
            Math.max(1, numbers.getOrDefault("window", 15)),
            responses,
            numbers.getOrDefault("nxdomains-per-second", responses),
            numbers.getOrDefault("errors-per-second", responses),
            numbers.getOrDefault("ipv4-prefix-length", 24),
            numbers.getOrDefault("ipv6-prefix-length", 56),
            numbers.getOrDefault("slip-ratio", 2),
            Math.max(1, numbers.getOrDefault("max-table-size", 100_000)),
            reportOnly);
    return site -> Part.of(new RrlHandler(rules, site));
  }
}
