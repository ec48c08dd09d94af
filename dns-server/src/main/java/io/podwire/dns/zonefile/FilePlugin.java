package io.podwire.dns.zonefile;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.master.MasterFile;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.ResourceRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code file FILE [ZONES…]}: zones of master files. */
public final class FilePlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(FilePlugin.class);

  @Override
  public String name() {
    return "file";
  }

  /** One line, checked. */
  private record Source(Path path, List<DnsName> origins, Duration reload) {}

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    List<Source> sources = new ArrayList<>();
    List<DnsName> through = new ArrayList<>();
    for (Directive use : uses) {
      List<Token> words = use.head().arguments();
      if (words.isEmpty()) {
        problems.add(use.head().first(), "'file' lacks a master file");
        continue;
      }
      Zones zones = Zones.readOrOf(block, words.subList(1, words.size()), problems);
      Duration every = Duration.ofMinutes(1);
      for (Line line : use.options()) {
        Words option = new Words(line, problems);
        switch (line.name()) {
          case "reload" -> every = option.duration("a duration", every);
          // Any change of the content counts here, whatever its serial and its time.
          case "reload_by_mtime" -> {}
          case "fallthrough" -> through.addAll(Zones.readOrAll(option.rest(), problems).fixed());
          // Targets outside are asked of the server itself in any case.
          case "upstream" -> option.rest();
          default ->
              Words.unknown("file", line, problems, "reload", "reload_by_mtime", "fallthrough");
        }
        option.end();
      }
      Source source = new Source(Path.of(words.get(0).text()), zones.fixed(), every);
      List<String> wrong = new ArrayList<>();
      read(source, wrong);
      wrong.forEach(each -> problems.add(words.get(0), source.path() + " " + each));
      sources.add(source);
    }
    Zones fallthrough = new Zones(through, false);
    return site -> new ZoneFiles(sources, fallthrough, site);
  }

  private static Map<DnsName, Zone> read(Source source, List<String> problems) {
    Map<DnsName, Zone> zones = new HashMap<>();
    try {
      String text = Files.readString(source.path());
      for (DnsName origin : source.origins()) {
        List<ResourceRecord> records = MasterFile.read(text, origin, problems);
        for (ResourceRecord each : records) {
          if (!each.name().isAtOrBelow(origin)) {
            problems.add("has a record of " + each.name() + ", which is not in " + origin);
          }
        }
        boolean soa =
            records.stream()
                .anyMatch(each -> each.data() instanceof Rdata.Soa && each.name().equals(origin));
        if (!soa) {
          problems.add("has no SOA record of " + origin);
        }
        zones.put(origin, new Zone(origin, records));
      }
    } catch (IOException e) {
      problems.add("cannot be read (" + e + ")");
    }
    return zones;
  }

  /** Files that are looked at now and then. */
  private static final class ZoneFiles implements Part {
    private final List<Source> sources;
    private final Site site;
    private final ZoneHandler handler;
    private final List<ScheduledFuture<?>> tasks = new ArrayList<>();
    private volatile Map<DnsName, Zone> zones = Map.of();

    ZoneFiles(List<Source> sources, Zones fallthrough, Site site) {
      this.sources = sources;
      this.site = site;
      this.handler = new ZoneHandler(() -> zones, fallthrough);
      sources.forEach(this::look);
    }

    private synchronized void look(Source source) {
      List<String> wrong = new ArrayList<>();
      Map<DnsName, Zone> read = FilePlugin.read(source, wrong);
      if (!wrong.isEmpty()) {
        LOG.warn("{} {}: what it said before stays", source.path(), String.join("; ", wrong));
        return;
      }
      Map<DnsName, Zone> all = new HashMap<>(zones);
      all.putAll(read);
      zones = all;
    }

    @Override
    public DnsHandler handler() {
      return handler;
    }

    @Override
    public void start() {
      for (Source each : sources) {
        long nanos = each.reload().toNanos();
        if (nanos > 0) {
          tasks.add(
              site.background()
                  .scheduleWithFixedDelay(() -> look(each), nanos, nanos, TimeUnit.NANOSECONDS));
        }
      }
    }

    @Override
    public void close() {
      tasks.forEach(task -> task.cancel(false));
    }
  }
}
