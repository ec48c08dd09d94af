package io.podwire.testkit.e2e;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;

/** Keeps what a channel receives; closes it after so much. */
final class ReceivedOctets extends ChannelInboundHandlerAdapter {
  private final int enough;
  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> all = new CompletableFuture<>();

  ReceivedOctets(int enough) {
    this.enough = enough;
  }

  /** What has come until the channel's end, or what has broken it. */
  CompletableFuture<byte[]> all() {
    return all;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    octets.writeBytes(ByteBufUtil.getBytes((ByteBuf) message));
    ReferenceCountUtil.release(message);
    if (octets.size() == enough) {
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    all.complete(octets.toByteArray());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    all.completeExceptionally(cause);
  }
}
