package io.podwire.controlplane.api;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API's server: any number of TCP and unix domain socket listeners in front of one table
 * of routes.
 *
 * <p>Thread-safe. {@link #close} ends every connection.
 */
public final class ApiServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final int THREADS = 2;
  private static final int MAX_REQUEST_LINE = 16 << 10;
  private static final int MAX_HEADERS = 32 << 10;
  private static final int BACKLOG = 256;
  private static final int IDLE_SECONDS = 120;
  private static final int STOP_SECONDS = 2;
  private static final WriteBufferWaterMark WRITE_BUFFER =
      new WriteBufferWaterMark(64 << 10, 256 << 10);
  private static final Duration BOOKMARK_PERIOD = Duration.ofSeconds(60);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(THREADS, EpollIoHandler.newFactory());
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("api-", 0).factory());
  private final AgentChannels agents = new AgentChannels();
  private final NamespaceTermination namespaces;
  private final Dispatch dispatch;

  /**
   * @param ready what {@code /readyz} answers
   */
  public ApiServer(ApiEnvironment environment, BooleanSupplier ready) {
    this(environment, ready, BOOKMARK_PERIOD);
  }

  ApiServer(ApiEnvironment environment, BooleanSupplier ready, Duration bookmarkPeriod) {
    ApiParts parts = new ApiParts(environment);
    this.namespaces = new NamespaceTermination(environment.store(), parts.deletion(), executor);
    PodAccess pods = new PodAccess(environment.store());
    Router router = new Router();
    Discovery.addRoutes(router);
    new Health(ready).addTo(router);
    new ObjectRoutes(
            parts,
            new ObjectLists(environment.store()),
            new ObjectWatches(environment.store(), bookmarkPeriod))
        .addTo(router);
    new BatchRoutes(parts).addTo(router);
    String pod = "/api/v1/namespaces/{namespace}/pods/{name}";
    router.add("GET", pod + "/log", new PodLogs(pods, agents, executor)::log);
    router.add("GET", pod + "/exec", new PodExec(pods, agents)::exec);
    PacketCapture capture = new PacketCapture(pods, agents);
    router.add("GET", pod + "/capture", capture::pod);
    router.add("GET", "/api/v1/nodes/{name}/capture", capture::node);
    router.add("GET", "/api/v1/nodes/{name}/rules", new ServiceRules(pods, agents)::rules);
    new FaultDecisions(environment.store(), agents).addTo(router);
    this.dispatch = new Dispatch(router, executor);
  }

  /** Begins the work that goes on without requests. Call it once, when the registry is there. */
  public void start() {
    namespaces.start();
  }

  /**
   * Serves on a TCP address; port 0 takes a free one.
   *
   * @return the address that it listens on
   * @throws BindException if that cannot be had
   */
  public InetSocketAddress listen(InetSocketAddress address) {
    Channel channel = bind(EpollServerSocketChannel.class, address, address.toString());
    return (InetSocketAddress) channel.localAddress();
  }

  /**
   * Serves on a unix domain socket that only its owner may use; a stale one is replaced.
   *
   * @throws BindException if that cannot be had, or another process serves there
   */
  public void listen(Path socket) {
    SocketFile.prepare(socket);
    bind(
        EpollServerDomainSocketChannel.class,
        new DomainSocketAddress(socket.toString()),
        socket.toString());
    SocketFile.restrict(socket);
  }

  private Channel bind(Class<? extends ServerChannel> type, SocketAddress address, String shown) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    initialize(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new BindException(shown, bound.cause());
    }
    channels.add(bound.channel());
    return bound.channel();
  }

  private void initialize(Channel channel) {
    channels.add(channel);
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_REQUEST_LINE)
                    .setMaxHeaderSize(MAX_HEADERS)))
        .addLast(new BodyAggregator())
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS))
        .addLast(new HttpConnection(dispatch));
  }

  @Override
  public void close() {
    namespaces.close();
    // Whoever connects meanwhile is closed too; on a loop that has ended nothing closes any more.
    if (!loops.isShuttingDown()) {
      channels.close().awaitUninterruptibly();
    }
    stopHandlers();
    agents.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Handlers end while their event loops still run. */
  private void stopHandlers() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Some requests did not end within {} s", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
