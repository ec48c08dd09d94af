package io.podwire.cli.experiment.plan;

/** One thing that happens in an experiment; the name is unique in it. */
public record Step(String name, Trigger trigger, Action action) {}
