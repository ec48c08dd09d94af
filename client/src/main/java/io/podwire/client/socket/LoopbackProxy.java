package io.podwire.client.socket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A proxy on the loopback address whose connections come from a Pod: SOCKS5 or HTTP, as asked. */
final class LoopbackProxy {
  private static final byte SOCKS5 = 5;

  private final InetSocketAddress address;

  LoopbackProxy(PodSockets sockets, EventLoopGroup eventLoop) {
    Channel server =
        new ServerBootstrap()
            .group(eventLoop)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new ProtocolChoice(sockets));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    this.address = (InetSocketAddress) server.localAddress();
  }

  InetSocketAddress address() {
    return address;
  }

  /** The first octet tells SOCKS5 (RFC 1928, section 3) from HTTP. */
  private static final class ProtocolChoice extends ByteToMessageDecoder {
    private final PodSockets sockets;

    ProtocolChoice(PodSockets sockets) {
      this.sockets = sockets;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      if (in.getByte(in.readerIndex()) == SOCKS5) {
        context
            .pipeline()
            .addLast(
                Socks5ServerEncoder.DEFAULT,
                new Socks5InitialRequestDecoder(),
                new SocksDialogue(sockets));
      } else {
        context.pipeline().addLast(new HttpRequestDecoder(), new HttpDialogue(sockets));
      }
      // What was read goes on to those handlers.
      context.pipeline().remove(this);
    }
  }
}
