package io.podwire.testkit.example;

import static io.podwire.packet.TcpFlags.RST;
import static io.podwire.testkit.assertion.PacketPattern.tcp;
import static io.podwire.testkit.example.Http2Frame.CANCEL;
import static io.podwire.testkit.example.Http2Frame.RST_STREAM;
import static io.podwire.testkit.example.Http2Frame.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.podwire.client.socket.PodSockets;
import io.podwire.testkit.cluster.Capture;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.Fault;
import io.podwire.testkit.cluster.FaultSpec;
import io.podwire.testkit.cluster.Pod;
import io.podwire.testkit.cluster.Service;
import io.podwire.testkit.junit.Named;
import io.podwire.testkit.junit.PodwireExtension;
import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.ServiceSpec;
import io.podwire.testkit.topology.Topology;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP/2 by Netty: the client has one Pod's network, the server another's; both run here. */
@EnabledIf(
    value = "io.podwire.testkit.e2e.Tools#isRoot",
    disabledReason = "needs root for network namespaces; run the build as root")
@Timeout(60)
class Http2IT {
  private static final int SECONDS = 20;

  @RegisterExtension
  static final PodwireExtension PODWIRE =
      PodwireExtension.builder()
          .topology(
              Topology.nodes(2)
                  .pods(PodSpec.idle("client").on(1), PodSpec.idle("web").on(2))
                  .services(ServiceSpec.of("web").port(80, 8080)))
          .build();

  private final CompletableFuture<Throwable> serverTold = new CompletableFuture<>();
  private final Queue<String> peers = new ConcurrentLinkedQueue<>();
  private EventLoopGroup loops;
  private PodSockets from;
  private PodSockets at;

  // tag: netty
  @BeforeEach
  void serve(@Named("client") Pod client, @Named("web") Pod web) {
    loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    from = client.sockets();
    at = web.sockets();
    at.serverBootstrap(loops).childHandler(new Http2Server()).bind(8080).syncUninterruptibly();
  }

  private Channel connect(ChannelHandler... more) throws Exception {
    return from.bootstrap(loops).handler(new Http2Client(more)).connect("web", 80).sync().channel();
  }

  @Test
  void shouldCancelAStream(Cluster cluster, @Named("client") Pod client, Service web)
      throws Exception {
    try (Capture capture = cluster.capture(client, "tcp port 80")) {
      Channel connection = connect();
      assertThat(get(connection, "/now").get(SECONDS, TimeUnit.SECONDS)).isEqualTo("200");
      Http2StreamChannel stream = open(connection, "/never", new CompletableFuture<>());
      stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).sync();

      capture.await(tcp().from(client).to(web).containing(Http2Frame.PREFACE));
      capture.await(
          tcp().from(web).matching("SETTINGS", Http2Frame.any(f -> f.type() == SETTINGS)));
      capture.await(
          tcp()
              .from(client)
              .matching(
                  "RST_STREAM with CANCEL",
                  Http2Frame.any(f -> f.type() == RST_STREAM && f.error() == CANCEL)));
      capture.none(tcp().flags(RST));
      connection.close().sync();
    }
  }

  // end

  @AfterEach
  void stop() {
    from.close();
    at.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void shouldShowTheAddressesThatThePodsSee(
      @Named("client") Pod client, @Named("web") Pod server, Service web) throws Exception {
    Channel connection = connect();
    get(connection, "/now").get(SECONDS, TimeUnit.SECONDS);

    InetSocketAddress local = (InetSocketAddress) connection.localAddress();
    assertThat(local.getAddress().getHostAddress()).isEqualTo(client.address().toString());
    assertThat(connection.remoteAddress()).hasToString("/" + web.clusterIp() + ":80");
    assertThat(peers).containsExactly("/" + client.address() + ":" + local.getPort());
    connection.close().sync();
  }

  @Test
  void shouldResetTheConnection(Cluster cluster, @Named("client") Pod client, Service web)
      throws Exception {
    FaultSpec reset =
        FaultSpec.of("stream: [{type: reset_peer, attributes: {timeout: 300}}]").from(client);
    try (Capture capture = cluster.capture(client, "tcp port 80");
        Fault fault = cluster.fault(reset)) {
      CompletableFuture<Throwable> told = new CompletableFuture<>();
      Channel connection = connect(new Told(told));

      assertThat(told.get(SECONDS, TimeUnit.SECONDS)).hasMessage("Connection reset");
      assertThat(serverTold.get(SECONDS, TimeUnit.SECONDS)).hasMessage("Connection reset");
      assertThat(connection.closeFuture().await(SECONDS, TimeUnit.SECONDS)).isTrue();
      capture.await(tcp().from(web).to(client).flags(RST));
    }
  }

  // --- HTTP/2

  /** The status that a request is answered with. */
  private static CompletableFuture<String> get(Channel connection, String path) throws Exception {
    CompletableFuture<String> status = new CompletableFuture<>();
    open(connection, path, status);
    return status;
  }

  private static Http2StreamChannel open(
      Channel connection, String path, CompletableFuture<String> status) throws Exception {
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(new Answer(status))
            .open()
            .sync()
            .getNow();
    Http2Headers headers =
        new DefaultHttp2Headers().method("GET").scheme("http").authority("web").path(path);
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true));
    return stream;
  }

  private static final class Answer extends SimpleChannelInboundHandler<Http2HeadersFrame> {
    private final CompletableFuture<String> status;

    Answer(CompletableFuture<String> status) {
      this.status = status;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Http2HeadersFrame answer) {
      status.complete(answer.headers().status().toString());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      status.completeExceptionally(new IllegalStateException("closed"));
    }
  }

  /** Takes what the pipeline is told of the connection. */
  private static final class Told extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Throwable> failure;

    Told(CompletableFuture<Throwable> failure) {
      this.failure = failure;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failure.complete(cause);
    }
  }

  private static final class Http2Client extends ChannelInitializer<Channel> {
    private final ChannelHandler[] more;

    Http2Client(ChannelHandler... more) {
      this.more = more;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(more)
          .addLast(
              Http2FrameCodecBuilder.forClient().build(),
              new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    }
  }

  private final class Http2Server extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      peers.add(channel.remoteAddress().toString());
      channel
          .pipeline()
          .addLast(
              Http2FrameCodecBuilder.forServer().build(),
              new Http2MultiplexHandler(new Serving()),
              new Told(serverTold));
    }
  }

  /** Answers all requests but those of a path. */
  @Sharable
  private static final class Serving extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Http2HeadersFrame request
          && !"/never".contentEquals(request.headers().path())) {
        context.writeAndFlush(
            new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), true));
      }
      ReferenceCountUtil.release(message);
    }
  }
}
