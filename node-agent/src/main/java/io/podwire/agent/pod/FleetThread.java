package io.podwire.agent.pod;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the Pods' state, and the threads that do what blocks.
 *
 * <p>Thread-safe. After {@link #close} nothing runs any more, and what is handed in is dropped.
 */
final class FleetThread implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FleetThread.class);

  private final ScheduledThreadPoolExecutor owner =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("pod-fleet").daemon().factory());
  private final ExecutorService background =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("pod-work-", 0).factory());

  FleetThread() {
    owner.setRemoveOnCancelPolicy(true);
    owner.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Something that will happen unless it is cancelled. */
  interface Timer {
    void cancel();
  }

  /** Runs on the owning thread. */
  void execute(Runnable task) {
    try {
      owner.execute(guarded(task));
    } catch (RejectedExecutionException closed) {
      // The agent ends; its successor takes the Pods over.
    }
  }

  /** Runs on the owning thread after a while. */
  Timer schedule(Duration delay, Runnable task) {
    try {
      Future<?> future = owner.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  /** Runs work that blocks elsewhere, then on the owning thread what follows from it. */
  <T> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Exception> then) {
    try {
      background.execute(() -> {
        T result;
        try {
          result = work.call();
        } catch (Exception e) {
          execute(() -> then.accept(null, e));
          return;
        }
        execute(() -> then.accept(result, null));
      });
    } catch (RejectedExecutionException closed) {
      // As above.
    }
  }

  /** Nanoseconds of a clock that only goes forward. */
  long now() {
    return System.nanoTime();
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("a step of a Pod's life failed", e);
      }
    };
  }

  /** Waits for work under way, at most a few seconds. */
  @Override
  public void close() {
    background.shutdown();
    try {
      if (!background.awaitTermination(5, TimeUnit.SECONDS)) {
        background.shutdownNow();
      }
      owner.shutdown();
      owner.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      background.shutdownNow();
      owner.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
