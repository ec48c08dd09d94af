package io.podwire.agent.pod;

import io.podwire.cluster.model.Probe;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a running container is ready: tries its probe at intervals and counts successes and
 * failures in a row. Without a probe it is ready from the start.
 *
 * <p>Not thread-safe; confined to the fleet's thread. Tries run elsewhere, one at a time.
 */
final class Readiness {

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);
  // Of the time since the start: so much later than it could be is a container ready at most.
  private static final int WAIT_FRACTION = 5;

  private final FleetThread thread;
  private final @Nullable Probe probe;
  private final BooleanSupplier check;
  private final Runnable changed;
  private boolean ready;
  private boolean everReady;
  private long startedAt;
  private boolean stopped;
  private int successes;
  private int failures;
  private FleetThread.@Nullable Timer timer;

  /**
   * @param check one try, called where it may block
   * @param changed called on the fleet's thread when {@link #isReady} has changed
   */
  Readiness(FleetThread thread, @Nullable Probe probe, BooleanSupplier check, Runnable changed) {
    this.thread = thread;
    this.probe = probe;
    this.check = check;
    this.changed = changed;
    this.ready = probe == null;
  }

  /**
   * @param wasReady whether a container taken over was ready before: it stays so until its probe
   *     fails as often as it takes
   */
  void start(boolean wasReady) {
    ready |= wasReady;
    everReady = ready;
    startedAt = thread.now();
    if (probe != null) {
      scheduleNext(Duration.ofSeconds(probe.initialDelaySeconds()));
    }
  }

  void stop() {
    stopped = true;
    ready = false;
    if (timer != null) {
      timer.cancel();
    }
  }

  boolean isReady() {
    return ready;
  }

  private void scheduleNext(Duration delay) {
    timer = thread.schedule(delay, this::check);
  }

  private void check() {
    long begun = thread.now();
    thread.<Boolean>offload(
        check::getAsBoolean,
        (succeeded, failure) -> {
          if (!stopped) {
            count(succeeded != null && succeeded);
            Duration period = period();
            Duration spent = Duration.ofNanos(thread.now() - begun);
            scheduleNext(spent.compareTo(period) >= 0 ? Duration.ZERO : period.minus(spent));
          }
        });
  }

  /**
   * As the probe says; more often until the container is ready for the first time, which Kubernetes
   * allows.
   */
  private Duration period() {
    Duration period = Duration.ofSeconds(probe == null ? 1 : probe.periodSeconds());
    if (everReady) {
      return period;
    }
    Duration wait = Duration.ofNanos((thread.now() - startedAt) / WAIT_FRACTION);
    Duration soon = wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
    return soon.compareTo(period) < 0 ? soon : period;
  }

  /** Takes the outcome of a try into account. */
  private void count(boolean succeeded) {
    successes = succeeded ? successes + 1 : 0;
    failures = succeeded ? 0 : failures + 1;
    boolean before = ready;
    if (probe != null && succeeded && successes >= probe.successThreshold()) {
      ready = true;
      everReady = true;
    } else if (probe != null && !succeeded && failures >= probe.failureThreshold()) {
      ready = false;
    }
    if (ready != before) {
      changed.run();
    }
  }
}
