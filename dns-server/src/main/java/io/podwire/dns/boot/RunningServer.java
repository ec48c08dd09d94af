package io.podwire.dns.boot;

import io.netty.channel.IoEventLoopGroup;
import io.podwire.dns.corefile.Corefile;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.fault.DnsFaults;
import io.podwire.dns.fault.FaultReports;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.http.HttpPorts;
import io.podwire.dns.kubernetes.ClusterState;
import io.podwire.dns.metrics.Metrics;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.PluginFailure;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.server.BindFailure;
import io.podwire.dns.server.IoTransport;
import io.podwire.dns.sync.ClusterFollower;
import io.podwire.dns.sync.ControlPlaneChannels;
import io.podwire.dns.sync.ReportSender;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A DNS server put together and serving, as its Corefile says. */
final class RunningServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);

  private final IoTransport transport = IoTransport.best();
  private final IoEventLoopGroup group;
  private final SecureRandom random = new SecureRandom();
  private final DnsCounters counters = new DnsCounters();
  private final Metrics metrics = new Metrics();
  private final ClusterState state = new ClusterState();
  private final CompletableFuture<String> stopped = new CompletableFuture<>();
  private final ScheduledExecutorService background =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "background");
        thread.setDaemon(true);
        return thread;
      });
  private final HttpPorts http;
  private final DnsFaults faults;
  private final @Nullable ReportSender reports;
  private final ControlPlaneChannels channels;
  private final CorefileSource source;
  private final List<Plugin> order;
  private final Listeners listeners;
  private @Nullable ClusterFollower follower;
  private @Nullable ServedBlocks served;
  private volatile String hash = "";

  private RunningServer(DnsConfiguration configuration) {
    group = transport.newGroup(configuration.loops());
    channels = new ControlPlaneChannels(group, transport.socket());
    http = new HttpPorts(group, transport);
    source = configuration.corefile();
    List<String> controlPlanes = configuration.controlPlanes();
    order = PluginOrder.of(state, !controlPlanes.isEmpty());
    reports = controlPlanes.isEmpty() ? null : new ReportSender(controlPlanes, channels);
    faults =
        new DnsFaults(
            group,
            System::nanoTime,
            System::currentTimeMillis,
            ReporterName.ofThisProcess(),
            reports == null ? FaultReports.NOWHERE : reports::send);
    listeners = new Listeners(group, transport, faults, counters);
  }

  /** Everything that is wrong with a configuration's Corefile; nothing is made or opened. */
  static Problems check(DnsConfiguration configuration) {
    Problems problems = new Problems();
    Corefile corefile = configuration.corefile().read(configuration.corefile().text(), problems);
    BlockPlan.of(
        corefile,
        PluginOrder.of(new ClusterState(), !configuration.controlPlanes().isEmpty()),
        problems);
    return problems;
  }

  /**
   * Serves at once; the cluster's names are SERVFAIL until the first snapshot.
   *
   * @throws BindFailure if an address cannot be listened on
   * @throws PluginFailure if the Corefile is wrong
   */
  static RunningServer start(DnsConfiguration configuration) {
    RunningServer server = new RunningServer(configuration);
    try {
      String text = configuration.corefile().text();
      // Looked at first: what changes from now on is another Corefile than the one served.
      String hash = server.source.hashOf(text);
      server.serve(server.plans(text));
      server.remember(hash);
      if (!configuration.controlPlanes().isEmpty()) {
        server.follower =
            ClusterFollower.start(
                configuration.controlPlanes(),
                server.channels,
                "dns-server",
                server.state.andThen(server.faults),
                server.faults::heard);
      }
      return server;
    } catch (BindFailure | PluginFailure e) {
      server.close();
      throw e;
    }
  }

  private List<BlockPlan> plans(String text) {
    Problems problems = new Problems();
    List<BlockPlan> plans = BlockPlan.of(source.read(text, problems), order, problems);
    if (!problems.isEmpty()) {
      throw new PluginFailure(String.join("\n", problems.lines()));
    }
    return plans;
  }

  /** Serves other blocks than before; those go on where these cannot be served. */
  private void serve(List<BlockPlan> plans) {
    ServedBlocks next = ServedBlocks.make(plans, this::site);
    Listeners.Change change;
    try {
      change = listeners.prepare(next.listeners(faults));
    } catch (BindFailure e) {
      next.close();
      throw e;
    }
    try {
      next.start();
    } catch (RuntimeException e) {
      change.undo();
      next.close();
      throw e;
    }
    change.commit();
    ServedBlocks before = served;
    served = next;
    if (before != null) {
      before.close();
    }
  }

  private void remember(String ofServed) {
    hash = ofServed;
    LOG.info("running configuration SHA512 = {}", hash);
  }

  private Site site(
      ServerBlock block, ServedBlocks all, Function<ServerBlock, Map<String, Part>> parts) {
    return new Site(
        block.keys(),
        () -> parts.apply(block),
        all::allParts,
        group,
        transport,
        random,
        System::nanoTime,
        counters,
        metrics,
        http,
        state::zone,
        listeners::addresses,
        background,
        stopped::complete,
        new Reloading());
  }

  /** The Corefile as plugins see it. */
  private final class Reloading implements Site.Source {
    @Override
    public String hash() throws IOException {
      return source.hash();
    }

    @Override
    public String served() {
      return hash;
    }

    @Override
    public boolean reload() {
      return RunningServer.this.reload();
    }
  }

  /** Serves what the Corefile says now; false where that is wrong, and all stays as it was. */
  synchronized boolean reload() {
    try {
      String text = source.now();
      String hashOfText = source.hashOf(text);
      serve(plans(text));
      remember(hashOfText);
      metrics.gauge(
          "reload_version_info",
          "The Corefile that is served.",
          () -> 1,
          "hash",
          "sha512",
          "value",
          hash);
      LOG.info("serving the changed Corefile on {}", addresses());
      return true;
    } catch (IOException | BindFailure | PluginFailure e) {
      metrics.counter("reload_failed", "Changed Corefiles that could not be served.").increment();
      LOG.error("the changed Corefile is not served, and the old one stays:\n{}", e.getMessage());
      return false;
    }
  }

  /** Completes with a reason once a plugin wants the server to end. */
  CompletableFuture<String> stopped() {
    return stopped;
  }

  /** Waits until the cluster's state is known; at once where no cluster is followed. */
  boolean awaitSync(long timeout, TimeUnit unit) throws InterruptedException {
    return follower == null || state.awaitSync(timeout, unit);
  }

  List<InetSocketAddress> addresses() {
    return listeners.addresses();
  }

  DnsCounters counters() {
    return counters;
  }

  Metrics metrics() {
    return metrics;
  }

  /** How long it is to go on once it is told to end. */
  Duration linger() {
    ServedBlocks now = served;
    return now == null ? Duration.ZERO : now.linger();
  }

  @Override
  public synchronized void close() {
    ClusterFollower open = follower;
    if (open != null) {
      open.close();
    }
    if (reports != null) {
      reports.close();
    }
    background.shutdownNow();
    listeners.close();
    ServedBlocks now = served;
    if (now != null) {
      now.close();
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
