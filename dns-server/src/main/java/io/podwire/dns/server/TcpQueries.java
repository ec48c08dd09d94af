package io.podwire.dns.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.packet.dns.DnsHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Queries and responses of one TCP connection; responses go out as they are ready (RFC 7766,
 * section 7).
 *
 * <p>Reads no further while too many queries are unanswered or the client takes no responses.
 * Confined to the connection's event loop.
 */
final class TcpQueries extends SimpleChannelInboundHandler<ByteBuf> {
  private final Responder responder;
  private final int maxPipelined;
  private final DnsCounters counters;
  private int unanswered;
  private boolean inputEnded;
  private @Nullable ChannelFuture lastWrite;

  TcpQueries(Responder responder, int maxPipelined, DnsCounters counters) {
    this.responder = responder;
    this.maxPipelined = maxPipelined;
    this.counters = counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    if (frame.readableBytes() < DnsHeader.LENGTH) {
      // Nothing that follows can be trusted to be framed rightly.
      counters.increment("dropped.short_header");
      context.close();
      return;
    }
    unanswered++;
    InetSocketAddress client = (InetSocketAddress) context.channel().remoteAddress();
    responder
        .respond(frame.nioBuffer(), client, Responder.Transport.TCP)
        .thenAccept(response -> onLoop(context, () -> answered(context, response)));
    regulate(context);
  }

  private static void onLoop(ChannelHandlerContext context, Runnable task) {
    if (context.executor().inEventLoop()) {
      task.run();
    } else {
      context.executor().execute(task);
    }
  }

  private void answered(ChannelHandlerContext context, Optional<ByteBuffer> response) {
    unanswered--;
    response.ifPresent(octets -> lastWrite = context.writeAndFlush(Unpooled.wrappedBuffer(octets)));
    closeIfDone(context);
    regulate(context);
  }

  private void closeIfDone(ChannelHandlerContext context) {
    if (!inputEnded || unanswered > 0) {
      return;
    }
    ChannelFuture write = lastWrite;
    if (write == null) {
      context.close();
    } else {
      write.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void regulate(ChannelHandlerContext context) {
    boolean read = unanswered < maxPipelined && context.channel().isWritable();
    if (context.channel().config().isAutoRead() != read) {
      context.channel().config().setAutoRead(read);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    regulate(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && unanswered == 0) {
      counters.increment("tcp.idle_closed");
      context.close();
    } else if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      closeIfDone(context);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    counters.increment("tcp.errors");
    context.close();
  }
}
