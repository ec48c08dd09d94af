package io.podwire.client.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Runs "programs" over the real subprotocol on a unix socket: each repeats its input on both
 * outputs and exits with 7 at the input's end; a Pod called {@code missing} is not found.
 */
final class FakeControlPlane implements AutoCloseable {
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listening;
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> resizes = new CopyOnWriteArrayList<>();

  FakeControlPlane(Path socket) {
    listening =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerDomainSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(1 << 16),
                            new Door(),
                            new WebSocketServerProtocolHandler(
                                "/api", "v5.channel.k8s.io", false, 1 << 20, false, true),
                            new Program());
                  }
                })
            .bind(UnixDomainSocketAddress.of(socket))
            .syncUninterruptibly()
            .channel();
  }

  /** Breaks every connection off, as the kernel does where a process dies. */
  void disconnect() {
    connections.close().syncUninterruptibly();
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    disconnect();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Door extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      requests.add(request.uri());
      assertThat(request.headers().contains("Origin")).isFalse();
      if (!request.uri().contains("/missing/")) {
        context.fireChannelRead(request.retain());
        return;
      }
      String status =
          "{\"kind\":\"Status\",\"code\":404,\"reason\":\"NotFound\","
              + "\"message\":\"pods \\\"missing\\\" not found\"}";
      DefaultFullHttpResponse refusal =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.NOT_FOUND,
              Unpooled.copiedBuffer(status, StandardCharsets.UTF_8));
      refusal.headers().set("Content-Length", refusal.content().readableBytes());
      context.writeAndFlush(refusal);
    }
  }

  private final class Program extends SimpleChannelInboundHandler<WebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame message) {
      byte[] bytes = ByteBufUtil.getBytes(message.content());
      switch (bytes[0]) {
        case 0 -> {
          bytes[0] = 1;
          context.writeAndFlush(new BinaryWebSocketFrame(Unpooled.copiedBuffer(bytes)));
          bytes[0] = 2;
          context.writeAndFlush(new BinaryWebSocketFrame(Unpooled.copiedBuffer(bytes)));
        }
        case 4 -> resizes.add(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
        case (byte) 255 -> {
          String status =
              "\u0003{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\","
                  + "\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"7\"}]}}";
          // Closing at once would drop what waits for room in the socket.
          context
              .writeAndFlush(
                  new BinaryWebSocketFrame(Unpooled.copiedBuffer(status, StandardCharsets.UTF_8)))
              .addListener(ChannelFutureListener.CLOSE);
        }
        default -> throw new IllegalStateException("channel " + bytes[0]);
      }
    }
  }
}
