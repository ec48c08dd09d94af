package io.podwire.client.socket;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A listening TCP port of the Pod as a Netty channel, on any event loop. It listens on all of the
 * Pod's addresses; of the address that it is bound to only the port counts.
 */
final class PodServerChannel extends AbstractServerChannel implements PodListener.Accepting {
  private final PodSockets sockets;
  private final ChannelConfig config = new DefaultChannelConfig(this);
  private volatile @Nullable PodListener listener;
  private volatile boolean open = true;

  PodServerChannel(PodSockets sockets) {
    this.sockets = sockets;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open && listener != null;
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    PodListener bound = listener;
    return bound == null ? null : bound.address();
  }

  /** Waits for the Pod's answer: Netty binds channels while it is called. */
  @Override
  protected void doBind(SocketAddress address) throws IOException {
    if (!(address instanceof InetSocketAddress end)) {
      throw new UnsupportedAddressTypeException();
    }
    listener = PodListener.open(sockets, end.getPort(), this);
  }

  @Override
  protected void doBeginRead() {
    // Connections come as they come.
  }

  @Override
  protected void doClose() {
    open = false;
    PodListener bound = listener;
    if (bound != null) {
      bound.close();
    }
  }

  @Override
  public void accepted(int stream, InetSocketAddress local, InetSocketAddress remote) {
    PodChannel child = new PodChannel(this, sockets, stream, local, remote);
    tell(() -> {
      pipeline().fireChannelRead(child);
      pipeline().fireChannelReadComplete();
    });
  }

  @Override
  public void lost() {
    tell(() -> unsafe().close(voidPromise()));
  }

  private void tell(Runnable event) {
    try {
      eventLoop().execute(event);
    } catch (RejectedExecutionException ended) {
      // Whoever ended the event loop wants nothing more of it.
    }
  }
}
