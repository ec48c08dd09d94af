package io.podwire.controlplane.sync;

import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The open streams: woken by every change, and by a clock for their signs of life. Thread-safe. */
final class Streams implements AutoCloseable {

  private static final long SIGN_OF_LIFE_SECONDS = 5;

  private final StateFeed feed;
  private final Set<StateStream> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("stream-", 0).factory());
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("signs-of-life").factory());
  private final Runnable listener = () -> open.forEach(StateStream::changed);

  Streams(StateFeed feed) {
    this.feed = feed;
    feed.addListener(listener);
    clock.scheduleAtFixedRate(
        () -> {
          open.removeIf(StateStream::hasEnded);
          open.forEach(StateStream::signOfLife);
        },
        SIGN_OF_LIFE_SECONDS,
        SIGN_OF_LIFE_SECONDS,
        TimeUnit.SECONDS);
  }

  ExecutorService executor() {
    return executor;
  }

  void add(StateStream stream) {
    open.add(stream);
    stream.start();
  }

  void remove(StateStream stream) {
    open.remove(stream);
    stream.cancelled();
  }

  @Override
  public void close() {
    feed.removeListener(listener);
    clock.shutdownNow();
    Status reason = Status.UNAVAILABLE.withDescription("this control plane is stopping");
    open.forEach(stream -> stream.end(reason));
    executor.shutdown();
  }
}
