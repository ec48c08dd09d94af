package io.podwire.client.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.StringUtil;
import io.podwire.packet.Octets;
import io.podwire.packet.carry.CarryFailure;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection of the Pod as a Netty channel, on any event loop. Its addresses are those that
 * the Pod sees; names are resolved in the Pod; a FIN of the other end closes it.
 *
 * <p>Confined to its event loop as every channel; {@link Events} are told by the Pod's thread.
 */
final class PodChannel extends AbstractChannel {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
  private static final int CHUNK = 32 * 1024;

  private enum State {
    NEW,
    CONNECTING,
    CONNECTED,
    CLOSED
  }

  private final PodSockets sockets;
  private final PodChannelConfig config = new PodChannelConfig(this);
  private final Deque<ByteBuf> inbound = new ArrayDeque<>();
  private final Events events = new Events();
  private volatile State state;
  private volatile @Nullable InetSocketAddress local;
  private volatile @Nullable InetSocketAddress remote;
  private @Nullable CarriedStream stream;
  private @Nullable ChannelPromise connecting;
  private @Nullable Future<?> timeout;
  private boolean readPending;
  private boolean inputEnded;
  private boolean streamOver;

  /** One that is not connected. */
  PodChannel(PodSockets sockets) {
    super(null);
    this.sockets = sockets;
    this.state = State.NEW;
  }

  /** One that the Pod has accepted. */
  PodChannel(
      Channel parent,
      PodSockets sockets,
      int accepted,
      InetSocketAddress local,
      InetSocketAddress remote) {
    super(parent);
    this.sockets = sockets;
    this.local = local;
    this.remote = remote;
    this.state = State.CONNECTED;
    this.stream = sockets.accepted(accepted, events);
  }

  // --- what a channel is

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public boolean isOpen() {
    return state != State.CLOSED;
  }

  @Override
  public boolean isActive() {
    return state == State.CONNECTED;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return local;
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return remote;
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected void doRegister() {
    events.passOn();
  }

  @Override
  protected void doBind(SocketAddress address) {
    throw new UnsupportedOperationException("the Pod chooses the local address");
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doClose() {
    boolean unread = !inbound.isEmpty();
    inbound.clear();
    boolean wasConnected = state == State.CONNECTED;
    state = State.CLOSED;
    ChannelPromise waiting = connecting;
    if (waiting != null) {
      connecting = null;
      waiting.tryFailure(new ClosedChannelException());
    }
    if (timeout != null) {
      timeout.cancel(false);
    }
    // One that is opened later is reset then.
    if (stream != null && wasConnected && !streamOver) {
      // As a socket does it: what was not read is answered with RST (RFC 9293, section 3.10.4).
      if (unread || config.abortsOnClose()) {
        abort();
      } else {
        stream.end();
      }
    }
  }

  /** The other end sees a reset. */
  private void abort() {
    if (stream != null && !streamOver) {
      streamOver = true;
      stream.reset();
    }
  }

  // --- reading

  @Override
  protected void doBeginRead() {
    readPending = true;
    if (!inbound.isEmpty() || inputEnded) {
      // Not at once: reading may begin in the middle of a read.
      eventLoop().execute(this::deliver);
    }
  }

  private void deliver() {
    if (!readPending || !isActive()) {
      return;
    }
    if (!inbound.isEmpty()) {
      readPending = false;
      do {
        ByteBuf octets = inbound.remove();
        int length = octets.readableBytes();
        pipeline().fireChannelRead(octets);
        if (stream != null && !streamOver) {
          stream.taken(length);
        }
      } while (!inbound.isEmpty() && config.isAutoRead());
      pipeline().fireChannelReadComplete();
    }
    if (inputEnded && inbound.isEmpty() && isActive()) {
      unsafe().close(voidPromise());
    }
  }

  // --- writing

  @Override
  protected Object filterOutboundMessage(Object message) {
    if (message instanceof ByteBuf) {
      return message;
    }
    throw new UnsupportedOperationException(
        "a Pod's channel writes ByteBuf, not " + StringUtil.simpleClassName(message));
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer out) {
    CarriedStream to = stream;
    if (to == null) {
      return;
    }
    // What is left waits for the Pod's credit.
    for (ByteBuf octets = (ByteBuf) out.current();
        octets != null && (to.room() > 0 || !octets.isReadable());
        octets = (ByteBuf) out.current()) {
      int length = Math.min(octets.readableBytes(), Math.min(CHUNK, Math.max(0, to.room())));
      if (length > 0) {
        to.send(ByteBufUtil.getBytes(octets, octets.readerIndex(), length));
        out.progress(length);
      }
      if (length == octets.readableBytes()) {
        out.remove();
      } else {
        octets.skipBytes(length);
      }
    }
  }

  // --- connecting

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new Connecting();
  }

  private final class Connecting extends AbstractUnsafe {

    @Override
    public void connect(SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
      if (!promise.setUncancellable() || !ensureOpen(promise)) {
        return;
      }
      if (!(to instanceof InetSocketAddress end)) {
        promise.tryFailure(new UnsupportedAddressTypeException());
      } else if (state == State.CONNECTED) {
        promise.tryFailure(new AlreadyConnectedException());
      } else if (state == State.CONNECTING) {
        promise.tryFailure(new ConnectionPendingException());
      } else {
        begin(end, promise);
      }
    }

    private void begin(InetSocketAddress to, ChannelPromise promise) {
      state = State.CONNECTING;
      connecting = promise;
      remote = to;
      int millis = config.getConnectTimeoutMillis();
      if (millis > 0) {
        timeout =
            eventLoop()
                .schedule(
                    () ->
                        failed(
                            new ConnectTimeoutException(
                                "no connection within " + millis + " ms: " + to)),
                    millis,
                    TimeUnit.MILLISECONDS);
      }
      stream = sockets.stream(events);
      String host = to.isUnresolved() ? to.getHostString() : to.getAddress().getHostAddress();
      stream.connect(host, to.getPort());
    }

    void connected(InetSocketAddress here, InetSocketAddress there) {
      if (state != State.CONNECTING) {
        abort();
        return;
      }
      state = State.CONNECTED;
      local = here;
      remote = there;
      ChannelPromise promise = connecting;
      connecting = null;
      if (timeout != null) {
        timeout.cancel(false);
      }
      boolean wanted = promise != null && promise.trySuccess();
      pipeline().fireChannelActive();
      if (!wanted) {
        close(voidPromise());
      }
    }

    void failed(Exception reason) {
      if (state == State.CONNECTING) {
        ChannelPromise promise = connecting;
        connecting = null;
        if (promise != null) {
          promise.tryFailure(reason);
        }
        close(voidPromise());
      }
    }

    /** There is room in the Pod again. */
    void writable() {
      flush0();
    }
  }

  // --- what the Pod tells

  private final class Events implements StreamEvents {
    private final Deque<Runnable> early = new ArrayDeque<>();
    private boolean passing;

    /** Passes it on to the event loop, once there is one. */
    private synchronized void tell(Runnable event) {
      if (!passing) {
        early.add(event);
        return;
      }
      try {
        eventLoop().execute(event);
      } catch (RejectedExecutionException ended) {
        abort();
      }
    }

    synchronized void passOn() {
      passing = true;
      early.forEach(eventLoop()::execute);
      early.clear();
    }

    private Connecting unsafe() {
      return (Connecting) PodChannel.this.unsafe();
    }

    @Override
    public void opened(String here, String there) {
      tell(() -> unsafe().connected(StreamEnds.end(here), StreamEnds.end(there)));
    }

    @Override
    public void failed(CarryFailure cause, String message) {
      tell(() -> {
        InetSocketAddress to = remote;
        if (to != null) {
          unsafe().failed(StreamEnds.failure(cause, message, to));
        }
      });
    }

    @Override
    public void data(Octets octets) {
      byte[] bytes = octets.toBytes();
      tell(() -> {
        if (isActive()) {
          inbound.add(Unpooled.wrappedBuffer(bytes));
          deliver();
        } else {
          // Nobody reads it any more.
          abort();
        }
      });
    }

    @Override
    public void ended() {
      tell(() -> {
        inputEnded = true;
        deliver();
      });
    }

    @Override
    public void reset() {
      tell(() -> {
        streamOver = true;
        if (isActive()) {
          pipeline().fireExceptionCaught(new SocketException("Connection reset"));
          unsafe().close(voidPromise());
        }
      });
    }

    @Override
    public void writable() {
      tell(() -> {
        if (isActive()) {
          unsafe().writable();
        }
      });
    }
  }
}
