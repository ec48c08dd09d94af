package io.podwire.dns.prometheus;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.http.HttpPorts;
import io.podwire.dns.plugin.Endpoints;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Words;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code prometheus [ADDRESS]}: {@code /metrics} under CoreDNS's names. */
public final class PrometheusPlugin implements Plugin {

  @Override
  public String name() {
    return "prometheus";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words words = new Words(uses.get(0).head(), problems);
    InetSocketAddress address = Endpoints.read(words, "localhost:9153");
    words.end();
    for (Line line : uses.get(0).options()) {
      // What it adds in CoreDNS are the inner workings of Go.
      if (!line.name().equals("runtime_metrics")) {
        Words.unknown("prometheus", line, problems, "runtime_metrics");
      }
      new Words(line, problems).end();
    }
    List<String> plugins =
        block.directives().stream().map(Directive::name).distinct().sorted().toList();
    return site -> new Exposed(address, plugins, site);
  }

  private static final class Exposed implements Part {
    private final InetSocketAddress address;
    private final List<String> plugins;
    private final Site site;
    private final RequestMetrics handler;
    private HttpPorts.@Nullable Shown shown;

    Exposed(InetSocketAddress address, List<String> plugins, Site site) {
      this.address = address;
      this.plugins = plugins;
      this.site = site;
      this.handler = new RequestMetrics(site);
    }

    @Override
    public DnsHandler handler() {
      return handler;
    }

    @Override
    public void start() {
      for (ZoneKey key : site.keys()) {
        for (String plugin : plugins) {
          site.metrics()
              .gauge(
                  "plugin_enabled",
                  "Whether a plugin is on for a zone of a server.",
                  () -> 1,
                  "server",
                  site.server(),
                  "zone",
                  key.zone().toString(),
                  "view",
                  "",
                  "name",
                  plugin);
        }
      }
      site.metrics()
          .gauge(
              "build_info",
              "What answers here.",
              () -> 1,
              "version",
              version(),
              "revision",
              "",
              "goversion",
              "");
      site.metrics().counter("panics", "Times that a plugin failed.");
      Exposition exposition = new Exposition(site.metrics());
      shown = site.http().show(address, "/metrics", exposition::page);
    }

    private static String version() {
      String version = PrometheusPlugin.class.getPackage().getImplementationVersion();
      return version == null ? "" : version;
    }

    @Override
    public void close() {
      if (shown != null) {
        shown.close();
      }
    }
  }
}
