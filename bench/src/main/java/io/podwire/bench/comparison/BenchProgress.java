package io.podwire.bench.comparison;

/** Where a benchmark tells a person who watches what it is at. */
@FunctionalInterface
public interface BenchProgress {

  /** What is being measured now. */
  void now(String what);
}
