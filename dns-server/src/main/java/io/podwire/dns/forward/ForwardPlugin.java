package io.podwire.dns.forward;

import io.netty.handler.ssl.SslContext;
import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Zones;
import io.podwire.dns.server.ServerLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code forward FROM TO…}: upstream resolvers; see the README in this folder. */
public final class ForwardPlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(ForwardPlugin.class);

  private static final int MAX_UPSTREAMS = 15;

  private final Supplier<Optional<List<InetSocketAddress>>> cluster;

  /**
   * With what {@code @cluster} stands for.
   *
   * @param cluster the same list as long as nothing changes; empty until it is known
   */
  public ForwardPlugin(Supplier<Optional<List<InetSocketAddress>>> cluster) {
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return "forward";
  }

  /** One line, checked. */
  private record Group(
      ForwardRules rules, @Nullable SslContext tls, String serverName, List<To> to) {}

  /** One upstream as it is written; without an address the cluster's. */
  private record To(@Nullable InetSocketAddress address, boolean overTls, String serverName) {}

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    List<Group> groups = new ArrayList<>();
    for (Directive use : uses) {
      groups.add(group(use, problems));
    }
    return site -> new Forwarding(groups, cluster, site);
  }

  private static Group group(Directive use, Problems problems) {
    ForwardOptions options = new ForwardOptions(use, problems);
    ForwardRules rules = options.read();
    List<To> to = new ArrayList<>();
    for (Token word : options.upstreams()) {
      to.addAll(upstreams(word, problems));
    }
    if (options.upstreams().isEmpty()) {
      problems.add(use.head().first(), "'forward' lacks upstreams; write forward . 192.0.2.53");
    } else if (to.size() > MAX_UPSTREAMS) {
      problems.add(
          use.head().first(), to.size() + " upstreams; at most " + MAX_UPSTREAMS + " are possible");
    }
    return new Group(rules, options.tls(), options.serverName(), to);
  }

  private static List<To> upstreams(Token word, Problems problems) {
    String text = word.text();
    if (text.equals(Zones.CLUSTER)) {
      return List.of(new To(null, false, ""));
    }
    if (text.startsWith("/") && Files.isRegularFile(Path.of(text))) {
      try {
        List<InetSocketAddress> servers =
            ResolverFile.nameServers(Files.readAllLines(Path.of(text)));
        if (servers.isEmpty()) {
          LOG.warn("{}: {} names no resolver, so nothing is asked there", word.place(), text);
        }
        return servers.stream().map(each -> new To(each, false, "")).toList();
      } catch (IOException e) {
        problems.add(word, "'" + text + "' cannot be read (" + e + ")");
        return List.of();
      }
    }
    boolean tls = text.startsWith("tls://");
    String rest = tls || text.startsWith("dns://") ? text.substring(6) : text;
    int percent = rest.indexOf('%');
    String serverName = "";
    if (percent >= 0) {
      // 192.0.2.53%name:853, or without the port.
      int colon = rest.indexOf(':', percent);
      serverName = rest.substring(percent + 1, colon < 0 ? rest.length() : colon);
      rest = rest.substring(0, percent) + (colon < 0 ? "" : rest.substring(colon));
    }
    Optional<InetSocketAddress> address = ResolverFile.address(rest, tls ? 853 : 53);
    if (address.isEmpty()) {
      problems.add(
          word,
          "'"
              + text
              + "' is no upstream; write an address such as 192.0.2.53, 192.0.2.53:5300 or"
              + " tls://192.0.2.53, a file such as /etc/resolv.conf, or @cluster");
      return List.of();
    }
    return List.of(new To(address.get(), tls, serverName));
  }

  /** All lines of a block at work. */
  private static final class Forwarding implements Part {
    private final List<UpstreamGroup> groups = new ArrayList<>();
    private final List<UpstreamClient> clients = new ArrayList<>();
    private final ForwardHandler handler;

    Forwarding(List<Group> lines, Supplier<Optional<List<InetSocketAddress>>> cluster, Site site) {
      for (Group line : lines) {
        UpstreamClient client =
            new UpstreamClient(
                site.group(),
                site.transport(),
                line.rules().timeout(),
                line.rules().connections(),
                ServerLimits.DEFAULT.udpPayload(),
                site.random(),
                site.counters(),
                site.metrics());
        clients.add(client);
        groups.add(
            new UpstreamGroup(
                line.rules(),
                new Targets(line, cluster),
                new UpstreamGroup.Surroundings(
                    client,
                    site.group().next(),
                    site.random(),
                    site.nanos(),
                    site.clusterZone(),
                    site.counters(),
                    site.metrics())));
      }
      handler = new ForwardHandler(groups);
    }

    @Override
    public DnsHandler handler() {
      return handler;
    }

    /** What an upstream knows is for it to say, {@code version.bind} of class CH for one. */
    @Override
    public boolean takesOtherClasses() {
      return true;
    }

    @Override
    public void close() {
      groups.forEach(UpstreamGroup::close);
      clients.forEach(UpstreamClient::close);
    }
  }

  /** The upstreams of a line, the same list as long as they are the same. */
  private static final class Targets implements Supplier<Optional<List<Upstream.Target>>> {
    private final Group line;
    private final Supplier<Optional<List<InetSocketAddress>>> cluster;
    private @Nullable List<InetSocketAddress> seen;
    private List<Upstream.Target> made = List.of();

    Targets(Group line, Supplier<Optional<List<InetSocketAddress>>> cluster) {
      this.line = line;
      this.cluster = cluster;
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public synchronized Optional<List<Upstream.Target>> get() {
      boolean dynamic = line.to().stream().anyMatch(each -> each.address() == null);
      Optional<List<InetSocketAddress>> now = dynamic ? cluster.get() : Optional.of(NOBODY);
      if (now.isEmpty()) {
        return Optional.empty();
      }
      if (now.get() != seen) {
        seen = now.get();
        made = targets(now.get());
      }
      return Optional.of(made);
    }

    private static final List<InetSocketAddress> NOBODY = List.of();

    private List<Upstream.Target> targets(List<InetSocketAddress> ofCluster) {
      List<Upstream.Target> targets = new ArrayList<>();
      for (To to : line.to()) {
        if (to.address() == null) {
          ofCluster.forEach(each -> targets.add(Upstream.Target.plain(each)));
        } else {
          String name = to.serverName().isEmpty() ? line.serverName() : to.serverName();
          targets.add(new Upstream.Target(to.address(), to.overTls() ? line.tls() : null, name));
        }
      }
      return targets.stream().distinct().toList();
    }
  }
}
