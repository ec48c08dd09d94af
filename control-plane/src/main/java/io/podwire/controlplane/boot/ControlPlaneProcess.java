package io.podwire.controlplane.boot;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.podwire.cluster.ipam.ClusterIpAllocator;
import io.podwire.cluster.ipam.NodePortAllocator;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.api.ApiEnvironment;
import io.podwire.controlplane.api.ApiServer;
import io.podwire.controlplane.api.BindException;
import io.podwire.controlplane.api.DirectPods;
import io.podwire.controlplane.api.ServiceAddresses;
import io.podwire.controlplane.kind.KindContext;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.sync.ClusterSyncService;
import io.podwire.controlplane.sync.StateFeed;
import io.podwire.controlplane.zookeeper.AgreedConfig;
import io.podwire.controlplane.zookeeper.CuratorStore;
import io.podwire.controlplane.zookeeper.EmbeddedZooKeeper;
import io.podwire.controlplane.zookeeper.Presence;
import io.podwire.controlplane.zookeeper.ZooKeeperConnection;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One control plane, from ZooKeeper to its listeners; the one place that knows all its parts.
 *
 * <p>{@link #start} is called once; {@link #close} may be called at any time by any thread.
 */
final class ControlPlaneProcess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneProcess.class);
  private static final long KEEPALIVE_SECONDS = 10;
  private static final long KEEPALIVE_LIMIT_SECONDS = 5;
  private static final int FLOW_WINDOW = 1 << 20;
  private static final Duration ID_LIMIT = Duration.ofSeconds(10);
  private static final Duration READY_STEP = Duration.ofMillis(20);

  private final Settings settings;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private volatile boolean closed;

  ControlPlaneProcess(Settings settings) {
    this.settings = settings;
  }

  /**
   * Starts everything and returns when this control plane is ready.
   *
   * @throws StartupException if the settings cannot be followed
   */
  void start() throws InterruptedException {
    ReadyFile readyFile = opened(new ReadyFile(settings.readyFile()));
    ZooKeeperConnection connection = opened(new ZooKeeperConnection(zooKeeper()));
    connection.awaitConnected();
    agree(connection);
    CuratorStore store = opened(CuratorStore.open(connection));
    Presence controlPlanes = opened(Presence.ofControlPlanes(connection));
    controlPlanes.start();
    takeId(controlPlanes);
    Presence nodes = opened(Presence.ofNodes(connection));
    nodes.start();
    nodes.removeLeftovers(settings.id());

    StateFeed feed = opened(new StateFeed(store, settings.config()));
    feed.start();
    ApiEnvironment environment = apiEnvironment(store);
    ClusterSyncService sync =
        opened(
            new ClusterSyncService(
                store,
                feed,
                new PresenceNames(nodes, settings.id()),
                new AttachedPods(DirectPods.of(environment))));
    ApiServer api = opened(new ApiServer(environment, () -> isSettled(store)));
    int syncPort = listen(sync, api);
    FirstManifests manifests = new FirstManifests(connection, environment, settings.manifests());
    Leadership leadership =
        opened(new Leadership(connection, store, nodes, controlPlanes, settings, syncPort));
    leadership.start(manifests::apply);
    api.start();
    while (!isSettled(store) || !manifests.areApplied()) {
      Thread.sleep(READY_STEP);
    }
    readyFile.create();
    LOG.info("{} is ready", settings.id());
  }

  private String zooKeeper() {
    Optional<Path> data = settings.data();
    if (data.isEmpty()) {
      return settings.zookeeper().orElseThrow();
    }
    try {
      return opened(EmbeddedZooKeeper.start(data.get())).connectString();
    } catch (IOException e) {
      throw new StartupException(
          "--data " + data.get() + ": " + e.getMessage() + "; name a directory of its own");
    }
  }

  private void agree(ZooKeeperConnection connection) throws InterruptedException {
    String mine = settings.shared();
    String agreed;
    while (true) {
      try {
        agreed = AgreedConfig.agree(connection, mine);
        break;
      } catch (StoreException.Unavailable e) {
        connection.awaitConnected();
      }
    }
    List<String> problems = new ArrayList<>();
    List<String> held = agreed.lines().toList();
    mine.lines()
        .filter(line -> !held.contains(line))
        .forEach(line -> {
          String key = line.substring(0, line.indexOf(' ') + 1);
          String other =
              held.stream().filter(each -> each.startsWith(key)).findFirst().orElse(key + "?");
          problems.add(
              line + ": the cluster was started with " + other + "; give that, or other state");
        });
    if (!problems.isEmpty()) {
      throw new StartupException(problems);
    }
  }

  /** A run before this one, at another address, may hold the name until its session expires. */
  private void takeId(Presence controlPlanes) throws InterruptedException {
    Presence.Session mine =
        new Presence.Session(
            settings.id(),
            UUID.randomUUID().toString(),
            settings.advertise() + ":" + settings.grpc().getPort(),
            settings.id());
    long deadline = System.nanoTime() + ID_LIMIT.toNanos();
    Optional<Presence.Session> other = controlPlanes.hold(mine);
    while (other.isPresent()) {
      if (System.nanoTime() > deadline) {
        throw new StartupException(
            "--id %s: a control plane of this name runs at %s; give this one another name"
                .formatted(settings.id(), other.get().address()));
      }
      Thread.sleep(READY_STEP);
      other = controlPlanes.hold(mine);
    }
  }

  private ApiEnvironment apiEnvironment(Store store) {
    ClusterConfig config = settings.config();
    SecureRandom random = new SecureRandom();
    return new ApiEnvironment(
        store,
        KindContext.of(config),
        ServiceAddresses.of(
            config.serviceCidrs().stream()
                .map(network -> new ClusterIpAllocator(network, random))
                .toList(),
            new NodePortAllocator(random)),
        InstantSource.system(),
        random);
  }

  /** Opens every listener, or reports all that could not be opened. Returns the gRPC port. */
  private int listen(ClusterSyncService sync, ApiServer api) {
    List<String> problems = new ArrayList<>();
    int syncPort = 0;
    try {
      syncPort = startGrpc(sync);
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      problems.add(
          "--grpc " + shown(settings.grpc()) + ": cannot listen there: " + cause.getMessage());
    }
    try {
      settings
          .http()
          .ifPresent(address -> LOG.info("API on http://{}", shown(api.listen(address))));
    } catch (BindException e) {
      problems.add("--http: " + e.getMessage() + "; choose a free address");
    }
    try {
      settings.apiSocket().ifPresent(api::listen);
    } catch (BindException e) {
      problems.add("--api-socket: " + e.getMessage());
    }
    if (!problems.isEmpty()) {
      throw new StartupException(problems);
    }
    return syncPort;
  }

  private int startGrpc(ClusterSyncService sync) throws IOException {
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc-", 0).factory());
    Server server =
        NettyServerBuilder.forAddress(settings.grpc())
            .addService(sync)
            .executor(executor)
            // Fixed: to find the best size, gRPC would answer every report with a ping.
            .flowControlWindow(FLOW_WINDOW)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_LIMIT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(KEEPALIVE_LIMIT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build()
            .start();
    opened(() -> {
      // Followers are told why before their connections end.
      sync.close();
      if (!server.shutdown().awaitTermination(1, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    });
    return server.getPort();
  }

  private static String shown(InetSocketAddress address) {
    IpAddress ip = IpAddress.of(address.getAddress().getAddress());
    return (ip.isIpv4() ? ip.toString() : "[" + ip + "]") + ":" + address.getPort();
  }

  /** Whether what every cluster has is there, so that everything else can be built on it. */
  private static boolean isSettled(Store store) {
    return store.get(KindTable.NAMESPACE.key("", "kube-system")).isPresent()
        && store.get(KindTable.SERVICE.key("default", "kubernetes")).isPresent()
        && store.get(KindTable.ENDPOINT_SLICE.key("default", "kubernetes")).isPresent();
  }

  private <T extends AutoCloseable> T opened(T part) {
    synchronized (open) {
      open.push(part);
    }
    return part;
  }

  /** Ends everything in the reverse order of its start. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    while (true) {
      AutoCloseable part;
      synchronized (open) {
        part = open.poll();
      }
      if (part == null) {
        return;
      }
      try {
        part.close();
      } catch (Exception e) {
        LOG.debug("a part did not end well", e);
      }
    }
  }
}
