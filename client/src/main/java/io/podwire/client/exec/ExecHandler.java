package io.podwire.client.exec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.podwire.client.failure.ClientFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/**
 * Writes the program's streams to where they belong and learns how it ended.
 *
 * <p>Outputs block the event loop on purpose: a slow reader slows the program, as a pipe would.
 */
final class ExecHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
  private final OutputStream stdout;
  private final OutputStream stderr;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final CompletableFuture<ProgramEnd> ended = new CompletableFuture<>();

  ExecHandler(OutputStream stdout, OutputStream stderr) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Done once the WebSocket is open. */
  CompletableFuture<Void> opened() {
    return opened;
  }

  /** Done once the program has ended. */
  CompletableFuture<ProgramEnd> ended() {
    return ended;
  }

  void fail(RuntimeException failure) {
    opened.completeExceptionally(failure);
    ended.completeExceptionally(failure);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
      opened.complete(null);
    }
    super.userEventTriggered(context, event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame message)
      throws IOException {
    if (!(message instanceof BinaryWebSocketFrame)) {
      return;
    }
    ChannelFrame frame = ChannelFrame.decode(message.content()).orElse(null);
    if (frame == null) {
      return;
    }
    switch (frame.channel()) {
      case STDOUT -> write(stdout, frame);
      case STDERR -> write(stderr, frame);
      case ERROR -> ended.complete(ProgramEnd.parse(frame.payload()));
      case STDIN, RESIZE, CLOSE -> {
        // Only ever sent by clients, or of no consequence here.
      }
    }
  }

  private static void write(OutputStream stream, ChannelFrame frame) throws IOException {
    stream.write(frame.payload());
    stream.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(new ClientFailure("the connection broke off before the program ended"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(new ClientFailure("exec broke off: " + cause.getMessage(), cause));
    context.close();
  }
}
