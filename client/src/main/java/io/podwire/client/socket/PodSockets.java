package io.podwire.client.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.podwire.client.api.ApiTransport;
import io.podwire.client.exec.ExecRequest;
import io.podwire.client.exec.ExecSession;
import io.podwire.client.failure.ClientFailure;
import io.podwire.client.failure.InterruptedCall;
import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/**
 * Sockets of one Pod's network, for programs of this machine: what they send comes from the Pod.
 *
 * <p>A program {@code agnhost carry} in the Pod has the real sockets; here they are reached through
 * a proxy on the loopback address that speaks SOCKS5 (RFC 1928) and HTTP CONNECT, which every local
 * user of this machine can use while it is open. Names are resolved in the Pod. Thread-safe.
 */
public final class PodSockets implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final String pod;
  private final ExecSession session;
  private final ByteArrayOutputStream complaints;
  private final Map<Integer, Receiver> receivers = new ConcurrentHashMap<>();
  private final AtomicInteger lastStream = new AtomicInteger();
  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("podwire-sockets", true), NioIoHandler.newFactory());
  private final LoopbackProxy proxy;

  /** Whoever waits for a stream's frames. */
  interface Receiver {
    void take(CarryFrame frame);

    /** The Pod's program is gone. */
    void lost(String reason);
  }

  private PodSockets(ApiTransport transport, String namespace, String name) {
    this.pod = namespace + "/" + name;
    this.complaints = new ByteArrayOutputStream();
    ExecRequest request =
        new ExecRequest(namespace, name, "", List.of("agnhost", "carry"), true, false);
    this.session = ExecSession.start(transport, request, new FrameReader(this::take), complaints);
    this.proxy = new LoopbackProxy(this, eventLoop);
    session.whenEnded(this::lost);
  }

  /** Starts carrying; the Pod has to be running. */
  public static PodSockets open(ApiTransport transport, String namespace, String pod) {
    return new PodSockets(transport, namespace, pod);
  }

  /** Sockets that connect from the Pod; {@code createSocket} takes names that the Pod knows. */
  public SocketFactory socketFactory() {
    return new PodSocketFactory(proxy.address());
  }

  /** For {@link java.net.http.HttpClient}: its connections come from the Pod. */
  public ProxySelector proxySelector() {
    return ProxySelector.of(proxy.address());
  }

  /** The proxy, for clients that take SOCKS5 or HTTP proxies by address. */
  public InetSocketAddress proxyAddress() {
    return proxy.address();
  }

  /**
   * For channels that connect from the Pod. Names that they connect to are the Pod's; their
   * addresses are those that the Pod sees. They write ByteBuf, and a FIN closes them.
   *
   * @param group any event loops
   */
  public Bootstrap bootstrap(EventLoopGroup group) {
    return new Bootstrap()
        .group(group)
        .channelFactory(() -> new PodChannel(this))
        // This machine knows other names than the Pod.
        .resolver(NoopAddressResolverGroup.INSTANCE);
  }

  /**
   * For servers in the Pod: {@code bind(port)} is a port of the Pod, 0 for a free one.
   *
   * @param group any event loops
   */
  public ServerBootstrap serverBootstrap(EventLoopGroup group) {
    return new ServerBootstrap().group(group).channelFactory(() -> new PodServerChannel(this));
  }

  /**
   * A UDP socket of the Pod.
   *
   * @param port of the Pod, 0 for a free one
   * @throws IOException where the port is taken
   */
  public DatagramSocket datagramSocket(int port) throws IOException {
    return PodDatagramSocket.open(this, port);
  }

  /**
   * Makes a server of this machine one of the Pod's: connections to the Pod's port go on to it.
   *
   * @param port of the Pod, 0 for a free one
   * @throws IOException where the port is taken
   */
  public PublishedPort publish(int port, InetSocketAddress server) throws IOException {
    return PublishedPort.open(this, eventLoop, port, server);
  }

  /**
   * The addresses that a name has in the Pod.
   *
   * @throws IOException where it has none
   */
  public List<String> resolve(String name) throws IOException {
    return List.of(ask(new Ask(), CarryKind.RESOLVE, name).text().split(" "));
  }

  /** One question and its answer. */
  private static final class Ask extends CompletableFuture<CarryFrame> implements Receiver {
    @Override
    public void take(CarryFrame frame) {
      if (frame.kind() == CarryKind.FAILED) {
        completeExceptionally(new ConnectException(frame.text()));
      } else {
        complete(frame);
      }
    }

    @Override
    public void lost(String reason) {
      completeExceptionally(new ConnectException(reason));
    }
  }

  private CarryFrame ask(Ask answer, CarryKind kind, String text) throws IOException {
    int stream = register(answer);
    send(CarryFrame.of(stream, kind, text));
    try {
      return await(answer);
    } finally {
      forget(stream);
    }
  }

  /** Waits for an answer of the Pod's. */
  <T> T await(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof IOException told
          ? told
          : new IOException(failure.getCause());
    } catch (TimeoutException late) {
      throw new ConnectException("pod " + pod + " does not answer");
    } catch (InterruptedException stopped) {
      throw new InterruptedCall(stopped);
    }
  }

  /** A connection from the Pod, to be told where to. */
  CarriedStream stream(StreamEvents events) {
    int id = lastStream.incrementAndGet();
    CarriedStream stream = new CarriedStream(id, this, events);
    receivers.put(id, stream);
    return stream;
  }

  /** Connects from the Pod, for the relay; the kernel there decides how long it tries. */
  void connect(String host, int port, StreamRelay relay) {
    CarriedStream stream = stream(relay);
    relay.over(stream);
    stream.connect(host, port);
  }

  /** Takes a number for a receiver of frames. */
  int register(Receiver receiver) {
    int id = lastStream.incrementAndGet();
    receivers.put(id, receiver);
    return id;
  }

  /** Takes up a connection that the Pod has accepted. */
  CarriedStream accepted(int id, StreamEvents events) {
    CarriedStream stream = new CarriedStream(id, this, events);
    receivers.put(id, stream);
    return stream;
  }

  void forget(int stream) {
    receivers.remove(stream);
  }

  void send(CarryFrame frame) {
    session.input(frame.encode());
  }

  private void take(CarryFrame frame) {
    Receiver receiver = receivers.get(frame.stream());
    // One that was just given up here may still be spoken to.
    if (receiver != null) {
      receiver.take(frame);
    }
  }

  private void lost() {
    String said = complaints.toString(StandardCharsets.UTF_8).strip();
    String reason =
        "the sockets of pod " + pod + " are closed" + (said.isEmpty() ? "" : ": " + said);
    receivers
        .keySet()
        .forEach(stream -> {
          Receiver receiver = receivers.remove(stream);
          if (receiver != null) {
            receiver.lost(reason);
          }
        });
  }

  /** Closes all of them, and ends the program in the Pod. */
  @Override
  public void close() {
    try {
      session.close();
    } catch (ClientFailure gone) {
      // The Pod went first.
    }
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
