package io.podwire.cli.experiment.run;

import io.podwire.cli.experiment.plan.Step;
import io.podwire.cli.experiment.plan.Trigger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Which steps are due. Pure: time and what has been are arguments. Not thread-safe. */
final class Schedule {
  private static final double NANOS = 1e9;

  private final List<Step> steps;
  private final Map<String, Integer> times = new HashMap<>();

  Schedule(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * The steps that are to begin now, each of which counts as begun.
   *
   * @param ended when a step ended for the last time; empty where it has not
   * @param holds whether a probe's state is that
   */
  List<Step> due(
      double now,
      Function<String, OptionalDouble> ended,
      BiFunction<String, Boolean, Boolean> holds) {
    List<Step> due = new ArrayList<>();
    for (Step step : steps) {
      int begun = times(step);
      boolean begins =
          switch (step.trigger()) {
            case Trigger.At at -> begun == 0 && now >= at.time().toNanos() / NANOS;
            case Trigger.After after -> {
              OptionalDouble end = ended.apply(after.step());
              yield begun == 0
                  && end.isPresent()
                  && now >= end.getAsDouble() + after.delay().toNanos() / NANOS;
            }
            case Trigger.Every every -> {
              double next =
                  (every.from().toNanos() + begun * (double) every.period().toNanos()) / NANOS;
              yield now >= next && next < every.until().toNanos() / NANOS;
            }
            case Trigger.When when ->
                begun == 0
                    && now <= when.within().toNanos() / NANOS
                    && holds.apply(when.probe(), when.holds());
          };
      if (begins) {
        times.merge(step.name(), 1, Integer::sum);
        due.add(step);
      }
    }
    return due;
  }

  /** How often a step has begun. */
  int times(Step step) {
    return times.getOrDefault(step.name(), 0);
  }

  /** Whether a step may still begin. */
  boolean isOpen(double now) {
    return steps.stream().anyMatch(step -> isOpen(step, now));
  }

  private boolean isOpen(Step step, double now) {
    return switch (step.trigger()) {
      case Trigger.At _ -> times(step) == 0;
      case Trigger.After after -> times(step) == 0 && canEnd(after.step(), now);
      case Trigger.Every every ->
          every.from().toNanos() + times(step) * (double) every.period().toNanos()
              < every.until().toNanos();
      case Trigger.When when -> times(step) == 0 && now <= when.within().toNanos() / NANOS;
    };
  }

  /** A step that has begun ends some time; one that cannot begin any more never does. */
  private boolean canEnd(String name, double now) {
    return steps.stream()
        .filter(step -> step.name().equals(name))
        .anyMatch(step -> times(step) > 0 || isOpen(step, now));
  }
}
