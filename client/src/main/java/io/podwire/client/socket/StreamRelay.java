package io.podwire.client.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.podwire.packet.Octets;
import io.podwire.packet.carry.CarryFailure;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins a socket of this machine and a connection of the Pod: octets, ends and resets pass on, each
 * way no faster than the other side takes them.
 */
final class StreamRelay extends ChannelInboundHandlerAdapter implements StreamEvents {
  private final Channel channel;
  private final Runnable opened;
  private final BiConsumer<CarryFailure, String> failed;
  private volatile @Nullable CarriedStream stream;
  private boolean over;

  /**
   * Both callbacks run on the channel's event loop.
   *
   * @param opened called once the Pod's connection is there
   */
  StreamRelay(Channel channel, Runnable opened, BiConsumer<CarryFailure, String> failed) {
    this.channel = channel;
    this.opened = opened;
    this.failed = failed;
  }

  /** Says which connection; before anything is read from the channel. */
  StreamRelay over(CarriedStream joined) {
    stream = joined;
    return this;
  }

  private CarriedStream stream() {
    CarriedStream joined = stream;
    if (joined == null) {
      throw new IllegalStateException("a relay without a stream");
    }
    return joined;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof ByteBuf octets && octets.isReadable()) {
        stream().send(ByteBufUtil.getBytes(octets));
        if (stream().room() <= 0) {
          channel.config().setAutoRead(false);
          // Room may have come in between.
          writable();
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !over) {
      stream().end();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (!over) {
      over = true;
      stream().reset();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  @Override
  public void opened(String local, String remote) {
    channel.eventLoop().execute(opened);
  }

  @Override
  public void failed(CarryFailure cause, String message) {
    channel
        .eventLoop()
        .execute(() -> {
          over = true;
          failed.accept(cause, message);
        });
  }

  @Override
  public void data(Octets octets) {
    byte[] bytes = octets.toBytes();
    channel
        .writeAndFlush(Unpooled.wrappedBuffer(bytes))
        .addListener(written -> {
          if (written.isSuccess()) {
            stream().taken(bytes.length);
          }
        });
  }

  @Override
  public void ended() {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex
                .shutdownOutput()
                .addListener(shut -> {
                  if (duplex.isInputShutdown()) {
                    over = true;
                    channel.close();
                  }
                });
          }
        });
  }

  @Override
  public void reset() {
    channel
        .eventLoop()
        .execute(() -> {
          over = true;
          // Closing without lingering sends a reset here too.
          if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
          }
          channel.close();
        });
  }

  @Override
  public void writable() {
    if (stream().room() > 0) {
      channel.config().setAutoRead(true);
    }
  }
}
