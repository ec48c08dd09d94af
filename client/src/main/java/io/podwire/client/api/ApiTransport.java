package io.podwire.client.api;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.podwire.client.failure.ClientFailure;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens connections to one API address. Thread-safe; one daemon event loop serves all of them. */
public final class ApiTransport implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final ApiAddress address;
  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("podwire-api", true), NioIoHandler.newFactory());

  /** A transport to the address; nothing is connected yet. */
  public ApiTransport(ApiAddress address) {
    this.address = address;
  }

  /** The address that connections go to. */
  public ApiAddress address() {
    return address;
  }

  /**
   * Connects; blocks until done.
   *
   * @throws ClientFailure where nothing answers, with the likely reason
   */
  public Channel connect(Consumer<ChannelPipeline> handlers) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(eventLoop)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    handlers.accept(channel.pipeline());
                  }
                });
    SocketAddress remote;
    if (address instanceof ApiAddress.Unix unix) {
      bootstrap.channel(NioDomainSocketChannel.class);
      remote = UnixDomainSocketAddress.of(unix.socket());
    } else {
      ApiAddress.Tcp tcp = (ApiAddress.Tcp) address;
      bootstrap.channel(NioSocketChannel.class);
      remote = new InetSocketAddress(tcp.host(), tcp.port());
    }
    ChannelFuture connected = bootstrap.connect(remote).awaitUninterruptibly();
    if (!connected.isSuccess()) {
      throw new ApiUnreachable(address, connected.cause());
    }
    return connected.channel();
  }

  @Override
  public void close() {
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
