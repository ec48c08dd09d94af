package io.podwire.cli.experiment.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A whole experiment, as its file says.
 *
 * @param name also the cluster's that is started for it
 * @param namespace of everything that names none
 * @param seed of every fault that has none of its own
 * @param duration of the timeline; empty: a little longer than the last step
 * @param steady how long the probes may take to hold before the timeline begins
 */
public record Experiment(
    String name,
    String namespace,
    long seed,
    Topology topology,
    Optional<Duration> duration,
    Duration steady,
    List<Workload> workloads,
    List<Probe> probes,
    List<Step> steps,
    List<Assertion> assertions) {

  /** Keeps its own copies. */
  public Experiment {
    workloads = List.copyOf(workloads);
    probes = List.copyOf(probes);
    steps = List.copyOf(steps);
    assertions = List.copyOf(assertions);
  }

  /** The same with another seed. */
  public Experiment withSeed(long other) {
    return new Experiment(
        name, namespace, other, topology, duration, steady, workloads, probes, steps, assertions);
  }
}
