package io.podwire.agent.boot;

import io.podwire.linux.FilePages;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the pages of the start cache and of the JVM's own code that only the start needed:
 * about half of what an agent holds, though shared with all others on the machine.
 *
 * <p>Pods may come at any time and touch much of it once more; so it is done again after ever
 * longer pauses, which in the end cost nothing that could be measured. Thread-safe.
 */
final class StartPages implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StartPages.class);
  private static final Duration FIRST = Duration.ofSeconds(4);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private volatile boolean closed;

  private StartPages() {}

  /** Of a node that is ready now. */
  static StartPages releaseAfterStart() {
    StartPages pages = new StartPages();
    pages.releaseIn(FIRST);
    return pages;
  }

  private void releaseIn(Duration pause) {
    Executor later = CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS);
    later.execute(() -> {
      if (!closed) {
        LOG.debug("{} octets of mapped files given back", FilePages.release());
        releaseIn(next(pause));
      }
    });
  }

  static Duration next(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }

  @Override
  public void close() {
    closed = true;
  }
}
