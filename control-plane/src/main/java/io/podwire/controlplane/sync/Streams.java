package io.podwire.controlplane.sync;

import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The open streams: told of changes together, at a pace that they can take, and by a clock of signs
 * of life, each at a time of its own. Thread-safe.
 */
final class Streams implements AutoCloseable {

  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  private final StateFeed feed;
  private final Map<StateStream, Future<?>> open = new ConcurrentHashMap<>();
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("stream-", 0).factory());
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().daemon().name("streams-clock").factory(),
          // A change that is noticed after the end is for nobody.
          new ThreadPoolExecutor.DiscardPolicy());
  private final FanOutPace pace = new FanOutPace();
  private final AtomicBoolean planned = new AtomicBoolean();
  private final AtomicLong added = new AtomicLong();
  private final Runnable listener = this::changed;

  Streams(StateFeed feed) {
    this.feed = feed;
    clock.setRemoveOnCancelPolicy(true);
    feed.addListener(listener);
  }

  ExecutorService executor() {
    return executor;
  }

  private void changed() {
    // Whoever plans is the only one to touch the pace, until it is carried out.
    if (planned.compareAndSet(false, true)) {
      long wait = pace.next(System.nanoTime(), open.size());
      if (wait == 0) {
        tellAll();
      } else {
        clock.schedule(this::tellAll, wait, TimeUnit.NANOSECONDS);
      }
    }
  }

  private void tellAll() {
    planned.set(false);
    open.keySet().forEach(StateStream::changed);
  }

  void add(StateStream stream) {
    long first = FanOutPace.phase(added.getAndIncrement(), SIGN_OF_LIFE.toNanos());
    open.put(
        stream,
        clock.scheduleAtFixedRate(
            () -> signOfLife(stream), first, SIGN_OF_LIFE.toNanos(), TimeUnit.NANOSECONDS));
    stream.start();
  }

  private void signOfLife(StateStream stream) {
    if (stream.hasEnded()) {
      remove(stream);
    } else {
      stream.signOfLife();
    }
  }

  void remove(StateStream stream) {
    Future<?> signs = open.remove(stream);
    if (signs != null) {
      signs.cancel(false);
    }
    stream.cancelled();
  }

  @Override
  public void close() {
    feed.removeListener(listener);
    clock.shutdownNow();
    Status reason = Status.UNAVAILABLE.withDescription("this control plane is stopping");
    open.keySet().forEach(stream -> stream.end(reason));
    executor.shutdown();
  }
}
