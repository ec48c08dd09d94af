package io.podwire.cli.local;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for what a start needs, event by event, and fails as soon as it cannot come any more.
 *
 * <p>Events may be offered by any thread; one thread waits.
 */
final class StartWait {
  private static final int LOG_LINES = 8;
  private static final String EXITS = ".exits";

  private final ClusterHome home;
  private final List<String> daemons;
  private final ReadinessTracker tracker;
  private final long deadline;
  private final Duration patience;
  private final LinkedBlockingQueue<ClusterEvent> events = new LinkedBlockingQueue<>();

  StartWait(ClusterHome home, List<String> daemons, ReadinessTracker tracker, Duration patience) {
    this.home = home;
    this.daemons = List.copyOf(daemons);
    this.tracker = tracker;
    this.patience = patience;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  void offer(ClusterEvent event) {
    events.add(event);
  }

  /**
   * Waits until the condition holds.
   *
   * @param condition looked at after each event
   * @param onEvent called after each event
   * @param missing names what is not there yet, for the failure after the patience has ended
   */
  void until(BooleanSupplier condition, Runnable onEvent, String missing) {
    while (!condition.getAsBoolean()) {
      ClusterEvent event = next(missing);
      take(event);
      onEvent.run();
    }
  }

  private ClusterEvent next(String missing) {
    try {
      ClusterEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event != null) {
        return event;
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", stopped);
    }
    List<String> lines = new ArrayList<>();
    lines.add("not ready after " + patience.toSeconds() + " s (--timeout): " + missing);
    if (!tracker.missing().isEmpty()) {
      lines.add("  waiting for: " + String.join(", ", tracker.missing()));
    }
    for (String daemon : daemons) {
      lines.add(daemon + tail(daemon));
    }
    throw new CommandFailure(String.join("\n", lines));
  }

  private void take(ClusterEvent event) {
    switch (event) {
      case ClusterEvent.RunFile file -> {
        if (file.name().endsWith(EXITS)) {
          throw died(file.name().substring(0, file.name().length() - EXITS.length()));
        }
      }
      case ClusterEvent.Changed changed -> {
        if (changed.resource() == Resource.NODE) {
          tracker.node(changed.object());
        } else {
          Optional<String> hopeless = tracker.pod(changed.object(), changed.deleted());
          if (hopeless.isPresent()) {
            throw new CommandFailure(hopeless.get());
          }
        }
      }
      case ClusterEvent.Listed listed -> {
        if (listed.resource() == Resource.POD) {
          tracker.podsListed();
        }
      }
      case ClusterEvent.WatchLost lost -> throw lost.reason();
    }
  }

  private CommandFailure died(String daemon) {
    List<String> exits = RunFiles.exits(home, daemon);
    String code = exits.isEmpty() ? "unknown" : exits.getLast();
    return new CommandFailure(daemon + " ended with exit code " + code + tail(daemon));
  }

  private String tail(String daemon) {
    List<String> lines = RunFiles.logTail(home, daemon, LOG_LINES);
    return lines.isEmpty()
        ? ": its log is empty"
        : ": the end of its log:\n  " + String.join("\n  ", lines);
  }
}
