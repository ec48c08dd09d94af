package io.podwire.dns.health;

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
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code health [ADDRESS]}: {@code /health} says OK as long as the process lives. */
public final class HealthPlugin implements Plugin {

  @Override
  public String name() {
    return "health";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words words = new Words(uses.get(0).head(), problems);
    InetSocketAddress address = Endpoints.read(words, ":8080");
    words.end();
    Duration lameduck = Duration.ZERO;
    for (Line line : uses.get(0).options()) {
      if (line.name().equals("lameduck")) {
        Words option = new Words(line, problems);
        lameduck = option.duration("a duration", lameduck);
        option.end();
      } else {
        Words.unknown("health", line, problems, "lameduck");
      }
    }
    Duration linger = lameduck;
    return site -> new Alive(address, linger, site);
  }

  private static final class Alive implements Part {
    private final InetSocketAddress address;
    private final Duration linger;
    private final Site site;
    private HttpPorts.@Nullable Shown shown;

    Alive(InetSocketAddress address, Duration linger, Site site) {
      this.address = address;
      this.linger = linger;
      this.site = site;
    }

    @Override
    public void start() {
      shown = site.http().show(address, "/health", () -> Page.text(200, "OK"));
    }

    @Override
    public Duration linger() {
      return linger;
    }

    @Override
    public void close() {
      if (shown != null) {
        shown.close();
      }
    }
  }
}
