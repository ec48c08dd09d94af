package io.podwire.cli.experiment.measure;

/**
 * One request.
 *
 * @param time when it was due, in seconds of the timeline
 * @param millis until its end; of a request that failed, until that was known
 * @param result the answer, or why there is none
 */
public record Sample(double time, double millis, boolean good, String result) {}
