package io.podwire.bench.measure;

/** One peer's values. */
public record Series(String peer, Samples samples) {}
