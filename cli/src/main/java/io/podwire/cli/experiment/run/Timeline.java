package io.podwire.cli.experiment.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The experiment's clock and what has happened by it.
 *
 * <p>The wall clock, as programs in Pods write it too. Thread-safe.
 */
final class Timeline {
  private static final double MILLI = 1e3;

  private final List<Outcome.Event> events = new ArrayList<>();
  private final Consumer<Outcome.Event> listener;
  private volatile double origin = seconds(Instant.now());

  Timeline(Consumer<Outcome.Event> listener) {
    this.listener = listener;
  }

  /**
   * Begins now.
   *
   * @return seconds since 1970
   */
  double begin() {
    origin = seconds(Instant.now());
    return origin;
  }

  Instant began() {
    return Instant.ofEpochMilli((long) (origin * MILLI));
  }

  double now() {
    return at(Instant.now());
  }

  double at(Instant instant) {
    return seconds(instant) - origin;
  }

  void tell(String text) {
    Outcome.Event event = new Outcome.Event(now(), text);
    synchronized (this) {
      events.add(event);
    }
    listener.accept(event);
  }

  synchronized List<Outcome.Event> events() {
    return List.copyOf(events);
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / MILLI;
  }
}
