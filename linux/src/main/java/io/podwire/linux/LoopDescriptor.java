package io.podwire.linux;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Any file descriptor as a handle on a Netty epoll event loop.
 *
 * <p>Level-triggered: the callback comes again while something is left to read. Register and close
 * on the loop or off it; callbacks come on the loop.
 */
public final class LoopDescriptor implements AutoCloseable {

  /** Told on the loop that the descriptor can be read, or has failed, which a read then shows. */
  @FunctionalInterface
  public interface Readable {
    void onReadable();
  }

  private final IoEventLoop loop;
  private final Handle handle;
  private volatile @Nullable IoRegistration registration;

  private LoopDescriptor(IoEventLoop loop, Handle handle) {
    this.loop = loop;
    this.handle = handle;
  }

  /**
   * Starts to watch a descriptor, which stays its owner's; {@link #close} it before the owner
   * closes the descriptor.
   */
  public static LoopDescriptor register(IoEventLoop loop, int descriptor, Readable callback) {
    LoopDescriptor watched = new LoopDescriptor(loop, new Handle(descriptor, callback));
    watched.registered(loop.register(watched.handle).syncUninterruptibly().getNow());
    return watched;
  }

  private void registered(IoRegistration done) {
    registration = done;
    done.submit(EpollIoOps.EPOLLIN);
  }

  /** Stops the callbacks for a while; {@link #resume} starts them again. */
  public void pause() {
    submit(EpollIoOps.NONE);
  }

  public void resume() {
    submit(EpollIoOps.EPOLLIN);
  }

  private void submit(EpollIoOps interest) {
    IoRegistration current = registration;
    if (current != null && current.isValid()) {
      current.submit(interest);
    }
  }

  /** Stops watching; off the loop it returns once no callback runs any more. */
  @Override
  public void close() {
    handle.open = false;
    IoRegistration current = registration;
    registration = null;
    if (current == null) {
      return;
    }
    if (loop.inEventLoop() || loop.isShuttingDown()) {
      current.cancel();
    } else {
      loop.submit(current::cancel).syncUninterruptibly();
    }
  }

  /** What the loop knows. */
  private static final class Handle implements EpollIoHandle {
    private final FileDescriptor descriptor;
    private final Readable callback;
    private volatile boolean open = true;

    Handle(int number, Readable callback) {
      this.descriptor = new FileDescriptor(number);
      this.callback = callback;
    }

    @Override
    public FileDescriptor fd() {
      return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      // An error or a hang-up shows at the next read, so the kind of the event does not matter.
      if (open) {
        callback.onReadable();
      }
    }

    @Override
    public void close() {
      // The loop ends; the descriptor is its owner's.
      open = false;
    }
  }
}
