package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.ReferenceCountUtil;
import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiTransport;
import io.podwire.client.socket.PodSockets;
import io.podwire.client.socket.PublishedPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** This JVM's own code, with sockets in two Pods on two nodes. */
@Timeout(60)
class PodSocketsIT {
  private static final int MEGABYTES = 8 << 20;
  private static final int MEGABYTE = 1 << 20;

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec:
        nodeName: node-1
        containers:
        - {name: client, image: podwire/agnhost, args: [pause]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: server, labels: {app: server}}
      spec:
        nodeName: node-2
        containers:
        - {name: server, image: podwire/agnhost, args: [pause]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: server}
      spec:
        selector: {app: server}
        ports: [{name: tcp, port: 80, targetPort: 8080}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: nobody}
      spec:
        selector: {app: nobody}
        ports: [{port: 80}]
      """;

  @TempDir static Path scratch;

  private static Optional<PodwireCommand> cluster = Optional.empty();
  private static Leftovers leftovers;
  private static ApiTransport api;
  private static PodSockets client;
  private static PodSockets server;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    PodwireCommand podwire = new PodwireCommand(scratch);
    leftovers = new Leftovers(podwire.home());
    cluster = Optional.of(podwire);
    Path manifest = Files.writeString(scratch.resolve("cluster.yaml"), MANIFEST);
    podwire.run("up", "--nodes", "2", "-f", manifest.toString()).succeeded();
    api =
        new ApiTransport(new ApiAddress.Unix(podwire.home().resolve("clusters/podwire/api.sock")));
    client = PodSockets.open(api, "default", "client");
    server = PodSockets.open(api, "default", "server");
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster.isPresent()) {
      leftovers.observe();
      client.close();
      server.close();
      api.close();
      cluster.get().run("down").succeeded();
      assertThat(leftovers.remaining()).isEmpty();
    }
  }

  private interface Serving {
    void serve(Socket socket) throws IOException;
  }

  /** Serves one connection of the Pod server's port 8080 in this JVM. */
  private static CompletableFuture<Void> serveOnce(ServerSocket listening, Serving serving) {
    return CompletableFuture.runAsync(() -> {
      try (Socket accepted = listening.accept()) {
        serving.serve(accepted);
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      }
    });
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static PublishedPort publish(ServerSocket listening) throws IOException {
    return server.publish(8080, (InetSocketAddress) listening.getLocalSocketAddress());
  }

  @Test
  void shouldReachAServerOfThisJvmByTheServicesName() throws Exception {
    byte[] much = new byte[MEGABYTES];
    new Random(3).nextBytes(much);
    try (ServerSocket listening = listen();
        PublishedPort published = publish(listening)) {
      assertThat(published.port()).isEqualTo(8080);
      CompletableFuture<Void> served =
          serveOnce(
              listening,
              accepted -> {
                InputStream in = accepted.getInputStream();
                accepted.getOutputStream().write(in.readNBytes(MEGABYTES));
              });
      try (Socket socket = client.socketFactory().createSocket("server", 80)) {
        CompletableFuture<byte[]> echoed =
            CompletableFuture.supplyAsync(() -> {
              try {
                return socket.getInputStream().readAllBytes();
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              }
            });
        socket.getOutputStream().write(much);
        socket.shutdownOutput();
        assertThat(echoed.get()).isEqualTo(much);
      }
      served.get();
    }
  }

  @Test
  void shouldSpeakHttpThroughTheProxy() throws Exception {
    try (ServerSocket listening = listen();
        PublishedPort published = publish(listening)) {
      CompletableFuture<Void> served =
          serveOnce(
              listening,
              accepted -> {
                byte[] request = new byte[4096];
                int length = accepted.getInputStream().read(request);
                String body =
                    new String(request, 0, length, StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .get();
                String answer =
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
                accepted.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
              });
      HttpClient http = HttpClient.newBuilder().proxy(client.proxySelector()).build();

      assertThat(
              http.send(
                      HttpRequest.newBuilder(URI.create("http://server/path?q=1")).build(),
                      BodyHandlers.ofString())
                  .body())
          .isEqualTo("GET /path?q=1 HTTP/1.1");
      served.get();
    }
  }

  @Test
  void shouldTellWhyAConnectionFails() {
    assertThatThrownBy(() -> client.socketFactory().createSocket("nobody", 80))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("refused");
    assertThatThrownBy(() -> client.socketFactory().createSocket("no-such-name", 80))
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void shouldTimeOutAsAskedFor() throws Exception {
    try (Socket socket = client.socketFactory().createSocket();
        ServerSocket listening = listen();
        PublishedPort published = publish(listening)) {
      socket.connect(InetSocketAddress.createUnresolved("server", 80), 5000);
      socket.setSoTimeout(200);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void shouldPassAResetOn() throws Exception {
    try (ServerSocket listening = listen();
        PublishedPort published = publish(listening)) {
      CompletableFuture<Void> served =
          serveOnce(
              listening,
              accepted -> {
                assertThat(accepted.getInputStream().read()).isEqualTo('x');
                accepted.setSoLinger(true, 0);
              });
      try (Socket socket = client.socketFactory().createSocket("server", 80)) {
        socket.getOutputStream().write('x');
        assertThatThrownBy(() -> socket.getInputStream().read())
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
      served.get();
    }
  }

  @Test
  void shouldRefuseAPortThatIsTaken() throws Exception {
    try (ServerSocket listening = listen();
        PublishedPort published = publish(listening)) {
      assertThatThrownBy(() -> publish(listening))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void shouldResolveAsThePodDoes() throws Exception {
    assertThat(client.resolve("server.default.svc.cluster.local")).hasSize(1);
    assertThat(client.resolve("server")).isEqualTo(client.resolve("server.default"));
    assertThatThrownBy(() -> client.resolve("no-such-name")).hasMessageContaining("no-such-name");
  }

  @Test
  void shouldSendDatagramsBothWays() throws Exception {
    try (DatagramSocket here = client.datagramSocket(0);
        DatagramSocket there = server.datagramSocket(9000)) {
      byte[] ping = "ping".getBytes(StandardCharsets.UTF_8);
      InetSocketAddress to =
          new InetSocketAddress(InetAddress.getByName(podAddress("server")), 9000);
      DatagramPacket got = new DatagramPacket(new byte[100], 100);
      there.setSoTimeout(10_000);
      here.setSoTimeout(10_000);

      here.send(new DatagramPacket(ping, ping.length, to));
      there.receive(got);
      assertThat(got.getPort()).isEqualTo(here.getLocalPort());
      assertThat(got.getAddress().getHostAddress()).isEqualTo(podAddress("client"));
      there.send(new DatagramPacket(got.getData(), got.getLength(), got.getSocketAddress()));
      got.setLength(100);
      here.receive(got);
      assertThat(new String(got.getData(), 0, got.getLength(), StandardCharsets.UTF_8))
          .isEqualTo("ping");
      here.setSoTimeout(50);
      assertThatThrownBy(() -> here.receive(got)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  // --- Netty

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

  @AfterEach
  void endLoops() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Channel bind(ChannelHandler handler) {
    return server
        .serverBootstrap(loops)
        .childHandler(handler)
        .bind(8080)
        .syncUninterruptibly()
        .channel();
  }

  private ChannelFuture connect(String host, ChannelHandler handler) {
    return client.bootstrap(loops).handler(handler).connect(host, 80).awaitUninterruptibly();
  }

  /** Sends back what comes. */
  @Sharable
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
    }
  }

  @Sharable
  private static final class Abort extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      context.close();
    }
  }

  @Test
  void shouldCarryMuchThroughNettysChannels() throws Exception {
    byte[] much = new byte[MEGABYTE];
    new Random(5).nextBytes(much);
    Channel listening = bind(new Echo());
    ReceivedOctets kept = new ReceivedOctets(MEGABYTE);
    Channel channel = connect("server", kept).sync().channel();
    channel.writeAndFlush(Unpooled.wrappedBuffer(much));

    assertThat(kept.all().get()).isEqualTo(much);
    listening.close().sync();
  }

  @Test
  void shouldPassAResetOnToNetty() throws Exception {
    Channel listening = bind(new Abort());
    ReceivedOctets kept = new ReceivedOctets(MEGABYTE);
    connect("server", kept).sync().channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));

    assertThatThrownBy(() -> kept.all().get())
        .hasRootCauseInstanceOf(SocketException.class)
        .hasMessageContaining("Connection reset");
    listening.close().sync();
  }

  @Test
  void shouldTellNettyWhyThereIsNoChannel() {
    Channel listening = bind(new Echo());

    assertThat(connect("nobody", new Echo()).cause())
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Connection refused: nobody");
    assertThat(connect("no-such-name", new Echo()).cause())
        .isInstanceOf(UnknownHostException.class);
    assertThatThrownBy(() -> bind(new Echo()))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("in use");
    listening.close().syncUninterruptibly();
  }

  private static String podAddress(String pod) throws Exception {
    return cluster.orElseThrow().exec(pod, "sh", "-c", "hostname -i").succeeded().out().strip();
  }
}
