package io.podwire.cli.experiment.plan;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether steps refer to what is there, and can ever begin. */
final class References {
  private References() {}

  static void check(
      Fields spec, List<Step> steps, List<Probe> probes, Optional<Duration> duration) {
    Map<String, Step> named = new HashMap<>();
    steps.forEach(step -> named.put(step.name(), step));
    for (int i = 0; i < steps.size(); i++) {
      String path = "steps[" + i + "]";
      if (duration.isEmpty() && steps.get(i).action() instanceof Action.Fault f && f.held()) {
        spec.problem(path + ".fault.duration", "is missing; write one, or spec.duration");
      }
      switch (steps.get(i).trigger()) {
        case Trigger.After after -> {
          if (!named.containsKey(after.step())) {
            spec.problem(
                path + ".after",
                "\"" + after.step() + "\" is none of the steps " + sorted(named.keySet()));
          } else if (circular(steps.get(i), named)) {
            spec.problem(path + ".after", "goes round in a circle; begin one step at a time");
          }
        }
        case Trigger.When when -> {
          Set<String> names = new HashSet<>();
          probes.forEach(probe -> names.add(probe.name()));
          if (!names.contains(when.probe())) {
            spec.problem(
                path + ".when.probe",
                "\"" + when.probe() + "\" is none of the probes " + sorted(names));
          }
        }
        case Trigger.At at -> {
          if (duration.isPresent() && at.time().compareTo(duration.get()) >= 0) {
            spec.problem(path + ".at", "is not before the end, spec.duration");
          }
        }
        case Trigger.Every every -> {
          if (every.until().compareTo(every.from()) <= 0) {
            spec.problem(path + ".until", "is not after from");
          }
        }
      }
    }
  }

  private static boolean circular(Step step, Map<String, Step> named) {
    Set<String> seen = new HashSet<>();
    Step next = step;
    while (next != null && next.trigger() instanceof Trigger.After after) {
      if (!seen.add(next.name())) {
        return true;
      }
      next = named.get(after.step());
    }
    return false;
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
