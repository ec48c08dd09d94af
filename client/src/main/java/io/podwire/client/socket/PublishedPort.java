package io.podwire.client.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.podwire.packet.Octets;
import io.podwire.packet.carry.CarryFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A port of the Pod behind which a server of this machine stands. Closing it frees the port. */
public final class PublishedPort implements AutoCloseable {
  private final PodListener listener;

  private PublishedPort(PodListener listener) {
    this.listener = listener;
  }

  static PublishedPort open(
      PodSockets sockets, EventLoopGroup eventLoop, int port, InetSocketAddress server)
      throws IOException {
    return new PublishedPort(
        PodListener.open(
            sockets, port, (stream, local, remote) -> join(sockets, eventLoop, server, stream)));
  }

  /** The Pod's port. */
  public int port() {
    return listener.address().getPort();
  }

  private static void join(
      PodSockets sockets, EventLoopGroup eventLoop, InetSocketAddress server, int id) {
    Arriving arriving = new Arriving();
    CarriedStream joined = sockets.accepted(id, arriving);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(eventLoop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    StreamRelay relay =
                        new StreamRelay(channel, () -> {}, (cause, message) -> channel.close())
                            .over(joined);
                    arriving.relay = relay;
                    channel.pipeline().addLast(relay);
                  }
                });
    ChannelFuture connecting = bootstrap.connect(server);
    connecting.addListener(done -> {
      if (done.isSuccess()) {
        arriving.passOn();
        connecting.channel().config().setAutoRead(true);
      } else {
        // Nobody serves here: the Pod's client sees the connection reset.
        joined.reset();
      }
    });
  }

  /** Keeps what the Pod's client says until the server here is connected. */
  private static final class Arriving implements StreamEvents {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private @Nullable StreamRelay relay;
    private boolean passing;

    private synchronized void tell(Runnable event) {
      if (passing) {
        event.run();
      } else {
        waiting.add(event);
      }
    }

    private synchronized void passOn() {
      passing = true;
      waiting.forEach(Runnable::run);
      waiting.clear();
    }

    private StreamRelay relay() {
      if (relay == null) {
        throw new IllegalStateException("passed on before it was connected");
      }
      return relay;
    }

    @Override
    public void opened(String local, String remote) {
      // It was open when it was accepted.
    }

    @Override
    public void failed(CarryFailure cause, String message) {
      tell(() -> relay().failed(cause, message));
    }

    @Override
    public void data(Octets octets) {
      tell(() -> relay().data(octets));
    }

    @Override
    public void ended() {
      tell(() -> relay().ended());
    }

    @Override
    public void reset() {
      tell(() -> relay().reset());
    }

    @Override
    public void writable() {
      tell(() -> relay().writable());
    }
  }

  @Override
  public void close() {
    listener.close();
  }
}
