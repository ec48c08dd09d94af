package io.podwire.dns.loadbalance;

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
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.ResourceRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code loadbalance [round_robin|weighted FILE]}: which address comes first. */
public final class LoadBalancePlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(LoadBalancePlugin.class);

  @Override
  public String name() {
    return "loadbalance";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words words = new Words(uses.get(0).head(), problems);
    boolean weighted =
        words.hasNext()
            && words.oneOf("policy of loadbalance", "round_robin", "weighted").equals("weighted");
    Path file = weighted ? Path.of(words.text("a file with weights")) : Path.of("");
    words.end();
    Duration reload = Duration.ofSeconds(30);
    List<Cidr> preferred = new ArrayList<>();
    for (Line line : uses.get(0).options()) {
      Words option = new Words(line, problems);
      switch (line.name()) {
        case "reload" -> reload = option.duration("a duration", reload);
        case "prefer" -> {
          for (Token word : option.rest()) {
            try {
              preferred.add(Cidr.parse(word.text()));
            } catch (IllegalArgumentException e) {
              problems.add(word, "'" + word.text() + "' is no network");
            }
          }
        }
        default -> Words.unknown("loadbalance", line, problems, "reload", "prefer");
      }
      option.end();
    }
    Duration every = reload;
    if (weighted) {
      return site -> new Weighted(file, every, preferred, site);
    }
    return site ->
        Part.of(
            preferred.isEmpty()
                ? new LoadBalanceHandler(site.random())
                : new LoadBalanceHandler(
                    preferring(preferred, LoadBalanceHandler.random(site.random())), false));
  }

  /** Addresses of the networks first, in the networks' order. */
  private static LoadBalanceHandler.Order preferring(
      List<Cidr> networks, LoadBalanceHandler.Order order) {
    return (addresses, exchanges) -> {
      order.arrange(addresses, exchanges);
      addresses.sort(Comparator.comparingInt(each -> rank(networks, each)));
    };
  }

  private static int rank(List<Cidr> networks, ResourceRecord each) {
    IpAddress address =
        switch (each.data()) {
          case Rdata.A a -> a.address();
          case Rdata.Aaaa aaaa -> aaaa.address();
          default -> null;
        };
    for (int i = 0; address != null && i < networks.size(); i++) {
      if (networks.get(i).contains(address)) {
        return i;
      }
    }
    return networks.size();
  }

  /** A file of weights that is looked at now and then. */
  private static final class Weighted implements Part {
    private final Path file;
    private final Duration every;
    private final Site site;
    private final LoadBalanceHandler handler;
    private volatile Weights weights = Weights.NONE;
    private @Nullable ScheduledFuture<?> task;

    Weighted(Path file, Duration every, List<Cidr> preferred, Site site) {
      this.file = file;
      this.every = every;
      this.site = site;
      LoadBalanceHandler.Order order =
          (addresses, exchanges) -> weights.arrange(addresses, site.random());
      handler =
          new LoadBalanceHandler(preferred.isEmpty() ? order : preferring(preferred, order), false);
      look();
    }

    private void look() {
      List<String> problems = new ArrayList<>();
      try {
        Weights read = Weights.parse(Files.readAllLines(file), problems);
        if (problems.isEmpty()) {
          weights = read;
        }
      } catch (IOException e) {
        problems.add("cannot be read (" + e + ")");
      }
      if (!problems.isEmpty()) {
        LOG.warn("{} {}: the weights stay as they were", file, String.join("; ", problems));
      }
    }

    @Override
    public DnsHandler handler() {
      return handler;
    }

    @Override
    public void start() {
      if (!every.isZero()) {
        task =
            site.background()
                .scheduleWithFixedDelay(
                    this::look, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
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
