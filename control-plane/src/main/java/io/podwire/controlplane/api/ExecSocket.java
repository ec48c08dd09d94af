package io.podwire.controlplane.api;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;

/** The WebSocket end of an exec session. Confined to the connection's event loop. */
// A failed write closes the channel, and that is noticed.
@SuppressWarnings("FutureReturnValueIgnored")
final class ExecSocket extends SimpleChannelInboundHandler<WebSocketFrame> {

  private final ExecSession session;
  private final WebSocketServerHandshaker handshaker;

  ExecSocket(ExecSession session, WebSocketServerHandshaker handshaker) {
    this.session = session;
    this.handshaker = handshaker;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    switch (frame) {
      case BinaryWebSocketFrame binary -> session.fromClient(binary.content());
      case PingWebSocketFrame ping ->
          ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case PongWebSocketFrame pong -> {}
      case CloseWebSocketFrame close -> {
        session.clientGone();
        handshaker.close(ctx.channel(), close.retain());
      }
      default ->
          ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE))
              .addListener(done -> ctx.close());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    session.clientGone();
    ctx.close();
  }
}
