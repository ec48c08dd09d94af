package io.podwire.dns.hosts;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code hosts [FILE [ZONES…]]}: names of a file and of the Corefile itself. */
public final class HostsPlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(HostsPlugin.class);
  private static final long DEFAULT_TTL = 3600;

  @Override
  public String name() {
    return "hosts";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Directive use = uses.get(0);
    List<Token> words = use.head().arguments();
    Path path = Path.of(words.isEmpty() ? "/etc/hosts" : words.get(0).text());
    Zones zones =
        Zones.readOrOf(block, words.isEmpty() ? words : words.subList(1, words.size()), problems);
    Zones fallthrough = Zones.NONE;
    long ttl = DEFAULT_TTL;
    boolean reverse = true;
    boolean unsupported = false;
    boolean authoritative = false;
    Duration every = Duration.ofSeconds(5);
    HostsFile inline = HostsFile.EMPTY;
    for (Line line : use.options()) {
      Words option = new Words(line, problems);
      switch (line.name()) {
        case "fallthrough" -> fallthrough = Zones.readOrAll(option.rest(), problems);
        case "ttl" -> ttl = option.number("ttl in seconds", 1, 65535, 3600);
        case "no_reverse" -> reverse = false;
        case "fallthrough_unsupported" -> unsupported = true;
        case "authoritative" -> authoritative = true;
        case "reload" -> every = option.duration("a duration", every);
        default -> {
          if (IpAddress.tryParse(line.name()).isPresent()) {
            inline = inline.with(inline(line, problems));
            option.rest();
          } else {
            option.rest();
            Words.unknown(
                "hosts",
                line,
                problems,
                "ADDRESS NAMES…",
                "fallthrough",
                "fallthrough_unsupported",
                "authoritative",
                "ttl",
                "no_reverse",
                "reload");
          }
        }
      }
      option.end();
    }
    boolean needed = !words.isEmpty();
    if (needed) {
      check(path, words.get(0), problems);
    }
    if (unsupported && fallthrough.isEmpty()) {
      problems.add(use.head().first(), "'fallthrough_unsupported' needs 'fallthrough' too");
    }
    HostsHandler.Rules rules =
        new HostsHandler.Rules(zones, fallthrough, ttl, reverse, unsupported, authoritative);
    HostsFile always = inline;
    Duration interval = every;
    return site -> new Watched(path, always, interval, rules, site);
  }

  private static HostsFile inline(Line line, Problems problems) {
    List<String> wrong = new ArrayList<>();
    String text = line.words().stream().map(Token::text).collect(Collectors.joining(" "));
    HostsFile hosts = HostsFile.parse(List.of(text), wrong);
    wrong.forEach(each -> problems.add(line.first(), each.replaceFirst("^line 1: ", "")));
    return hosts;
  }

  private static void check(Path path, Token at, Problems problems) {
    List<String> wrong = new ArrayList<>();
    try {
      HostsFile.parse(Files.readAllLines(path), wrong);
    } catch (IOException e) {
      wrong.add("cannot be read (" + e + "); name a readable text file");
    }
    wrong.forEach(each -> problems.add(at, path + " " + each));
  }

  /** A file that is looked at now and then. */
  private static final class Watched implements Part {
    private final Path path;
    private final HostsFile inline;
    private final Duration interval;
    private final Site site;
    private final HostsHandler handler;
    private List<String> lines = List.of();
    private volatile HostsFile hosts;
    private @Nullable ScheduledFuture<?> task;

    Watched(Path path, HostsFile inline, Duration interval, HostsHandler.Rules rules, Site site) {
      this.path = path;
      this.inline = inline;
      this.hosts = inline;
      this.interval = interval;
      this.site = site;
      this.handler = new HostsHandler(() -> hosts, rules, site.clusterZone());
      look();
    }

    private void look() {
      try {
        List<String> now = Files.isReadable(path) ? Files.readAllLines(path) : List.of();
        if (now.equals(lines)) {
          return;
        }
        List<String> wrong = new ArrayList<>();
        HostsFile read = HostsFile.parse(now, wrong);
        wrong.forEach(each -> LOG.warn("{} {}", path, each));
        lines = now;
        hosts = inline.with(read);
        int entries = hosts.names().values().stream().mapToInt(List::size).sum();
        site.metrics().gauge("hosts_entries", "Addresses of names in hosts files.", () -> entries);
        double changed = Files.getLastModifiedTime(path).toMillis() / 1e3;
        site.metrics()
            .gauge(
                "hosts_reload_timestamp_seconds",
                "When the hosts file that is served was changed.",
                () -> changed);
      } catch (IOException e) {
        LOG.warn("{} cannot be read, and what it said stays: {}", path, e.toString());
      }
    }

    @Override
    public DnsHandler handler() {
      return handler;
    }

    @Override
    public void start() {
      if (!interval.isZero()) {
        task =
            site.background()
                .scheduleWithFixedDelay(
                    this::look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    @Override
    public void close() {
      if (task != null) {
        task.cancel(false);
      }
    }
  }
}
