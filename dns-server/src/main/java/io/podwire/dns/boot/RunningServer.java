package io.podwire.dns.boot;

import io.netty.channel.IoEventLoopGroup;
import io.podwire.dns.fault.DnsFaults;
import io.podwire.dns.fault.FaultHandler;
import io.podwire.dns.fault.FaultReports;
import io.podwire.dns.forward.ForwardHandler;
import io.podwire.dns.forward.ForwardLimits;
import io.podwire.dns.forward.UpstreamClient;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.hosts.HostsHandler;
import io.podwire.dns.kubernetes.ClusterState;
import io.podwire.dns.kubernetes.KubernetesHandler;
import io.podwire.dns.loadbalance.LoadBalanceHandler;
import io.podwire.dns.server.BindFailure;
import io.podwire.dns.server.DnsListener;
import io.podwire.dns.server.IoTransport;
import io.podwire.dns.server.Responder;
import io.podwire.dns.server.ServerLimits;
import io.podwire.dns.sync.ClusterFollower;
import io.podwire.dns.sync.ControlPlaneChannels;
import io.podwire.dns.sync.ReportSender;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A DNS server put together and serving; the one place that knows the order of the handlers. */
final class RunningServer implements AutoCloseable {

  private final IoTransport transport = IoTransport.best();
  private final IoEventLoopGroup group;
  private final List<DnsListener> listeners = new ArrayList<>();
  private final DnsCounters counters = new DnsCounters();
  private final ClusterState state = new ClusterState();
  private final DnsFaults faults;
  private final @Nullable ReportSender reports;
  private final ControlPlaneChannels channels;
  private @Nullable ClusterFollower follower;

  private RunningServer(DnsConfiguration configuration) {
    group = transport.newGroup(configuration.loops());
    channels = new ControlPlaneChannels(group, transport.socket());
    List<String> controlPlanes = configuration.controlPlanes();
    reports = controlPlanes.isEmpty() ? null : new ReportSender(controlPlanes, channels);
    faults =
        new DnsFaults(
            group,
            System::nanoTime,
            System::currentTimeMillis,
            ReporterName.ofThisProcess(),
            reports == null ? FaultReports.NOWHERE : reports::send);
  }

  /**
   * Serves at once; the cluster's names are SERVFAIL until the first snapshot.
   *
   * @throws BindFailure if an address cannot be listened on
   */
  static RunningServer start(DnsConfiguration configuration) {
    RunningServer server = new RunningServer(configuration);
    try {
      Responder responder =
          new Responder(
              new HandlerChain(server.handlers(configuration)),
              server.faults,
              server.counters,
              ServerLimits.DEFAULT.udpPayload());
      for (InetSocketAddress address : configuration.listen()) {
        server.listeners.add(
            DnsListener.open(
                address,
                server.group,
                server.transport,
                responder,
                ServerLimits.DEFAULT,
                server.counters));
      }
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
    } catch (BindFailure e) {
      server.close();
      throw e;
    }
  }

  private List<DnsHandler> handlers(DnsConfiguration configuration) {
    SecureRandom random = new SecureRandom();
    List<DnsHandler> handlers = new ArrayList<>();
    handlers.add(new FaultHandler(faults));
    handlers.add(new LoadBalanceHandler(random));
    handlers.add(new HostsHandler(configuration.hosts()));
    boolean follows = !configuration.controlPlanes().isEmpty();
    if (follows) {
      handlers.add(new KubernetesHandler(state, configuration.zone(), counters));
    }
    List<InetSocketAddress> given = configuration.upstreams();
    Supplier<Optional<List<InetSocketAddress>>> upstreams =
        given.isEmpty() && follows ? new ClusterUpstreams(state) : () -> Optional.of(given);
    UpstreamClient client =
        new UpstreamClient(
            group,
            transport,
            ForwardLimits.DEFAULT.timeout(),
            ServerLimits.DEFAULT.udpPayload(),
            random,
            counters);
    handlers.add(
        new ForwardHandler(upstreams, client, ForwardLimits.DEFAULT.concurrent(), counters));
    return handlers;
  }

  /** Waits until the cluster's state is known; at once where no cluster is followed. */
  boolean awaitSync(long timeout, TimeUnit unit) throws InterruptedException {
    return follower == null || state.awaitSync(timeout, unit);
  }

  List<InetSocketAddress> addresses() {
    return listeners.stream().map(DnsListener::address).toList();
  }

  DnsCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    ClusterFollower open = follower;
    if (open != null) {
      open.close();
    }
    if (reports != null) {
      reports.close();
    }
    listeners.forEach(DnsListener::close);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
