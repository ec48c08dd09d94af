package io.podwire.client.socket;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.socksx.SocksMessage;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import io.podwire.packet.carry.CarryFailure;
import java.util.List;

/** SOCKS5 (RFC 1928) without authentication, CONNECT alone. */
final class SocksDialogue extends SimpleChannelInboundHandler<SocksMessage> {
  private final PodSockets sockets;

  SocksDialogue(PodSockets sockets) {
    this.sockets = sockets;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, SocksMessage message) {
    if (message.decoderResult().isFailure()) {
      context.close();
    } else if (message instanceof Socks5InitialRequest) {
      context
          .pipeline()
          .replace(Socks5InitialRequestDecoder.class, null, new Socks5CommandRequestDecoder());
      context.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.NO_AUTH));
    } else if (message instanceof Socks5CommandRequest request) {
      serve(context, request);
    }
  }

  private void serve(ChannelHandlerContext context, Socks5CommandRequest request) {
    if (!request.type().equals(Socks5CommandType.CONNECT)) {
      refuse(context, Socks5CommandStatus.COMMAND_UNSUPPORTED);
      return;
    }
    // Nothing is read before the answer: it would be octets of the connection.
    context.channel().config().setAutoRead(false);
    StreamRelay relay =
        new StreamRelay(
            context.channel(),
            () -> {
              context.writeAndFlush(response(Socks5CommandStatus.SUCCESS));
              for (Class<? extends ChannelHandler> done :
                  List.of(
                      Socks5CommandRequestDecoder.class,
                      Socks5ServerEncoder.class,
                      SocksDialogue.class)) {
                context.pipeline().remove(done);
              }
              context.channel().config().setAutoRead(true);
            },
            (cause, text) -> refuse(context, status(cause)));
    context.pipeline().addLast(relay);
    sockets.connect(request.dstAddr(), request.dstPort(), relay);
  }

  private static void refuse(ChannelHandlerContext context, Socks5CommandStatus status) {
    context.writeAndFlush(response(status)).addListener(written -> context.close());
  }

  private static DefaultSocks5CommandResponse response(Socks5CommandStatus status) {
    return new DefaultSocks5CommandResponse(status, Socks5AddressType.IPv4, "0.0.0.0", 0);
  }

  private static Socks5CommandStatus status(CarryFailure cause) {
    return switch (cause) {
      case REFUSED -> Socks5CommandStatus.CONNECTION_REFUSED;
      case TIMEOUT -> Socks5CommandStatus.TTL_EXPIRED;
      case UNREACHABLE -> Socks5CommandStatus.NETWORK_UNREACHABLE;
      case NAME -> Socks5CommandStatus.HOST_UNREACHABLE;
      case IN_USE, OTHER -> Socks5CommandStatus.FAILURE;
    };
  }
}
