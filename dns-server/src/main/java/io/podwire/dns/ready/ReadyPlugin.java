package io.podwire.dns.ready;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.http.HttpPorts;
import io.podwire.dns.http.Page;
import io.podwire.dns.plugin.Endpoints;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Words;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ready [ADDRESS]}: {@code /ready} says OK once every plugin can answer. */
public final class ReadyPlugin implements Plugin {

  @Override
  public String name() {
    return "ready";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words words = new Words(uses.get(0).head(), problems);
    InetSocketAddress address = Endpoints.read(words, ":8181");
    words.end();
    boolean always = false;
    for (Line line : uses.get(0).options()) {
      if (line.name().equals("monitor")) {
        Words option = new Words(line, problems);
        always =
            option.oneOf("way to monitor", "until-ready", "continuously").equals("continuously");
        option.end();
      } else {
        Words.unknown("ready", line, problems, "monitor");
      }
    }
    boolean continuously = always;
    return site -> new Readiness(address, continuously, site);
  }

  private static final class Readiness implements Part {
    private final InetSocketAddress address;
    private final boolean continuously;
    private final Site site;
    private volatile boolean wasReady;
    private HttpPorts.@Nullable Shown shown;

    Readiness(InetSocketAddress address, boolean continuously, Site site) {
      this.address = address;
      this.continuously = continuously;
      this.site = site;
    }

    @Override
    public void start() {
      shown = site.http().show(address, "/ready", this::page);
    }

    /** As CoreDNS: what was ready once is not asked again, unless that is wanted. */
    private Page page() {
      List<String> waiting =
          wasReady && !continuously
              ? List.of()
              : site.allParts().get().stream()
                  .filter(each -> !each.getValue().isReady())
                  .map(Map.Entry::getKey)
                  .distinct()
                  .sorted()
                  .toList();
      wasReady |= waiting.isEmpty();
      return waiting.isEmpty() ? Page.text(200, "OK") : Page.text(503, String.join(",", waiting));
    }

    @Override
    public void close() {
      if (shown != null) {
        shown.close();
      }
    }
  }
}
