package io.podwire.cli.experiment.plan;

import java.time.Duration;

/**
 * A part of the steady state, sampled over time: the timeline begins when all of them hold.
 *
 * @param workload whose requests are looked at
 * @param window how much of the past is
 */
public record Probe(String name, String workload, Criterion criterion, Duration window) {}
