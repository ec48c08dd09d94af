package io.podwire.bench.measure;

/**
 * What a value is to reach.
 *
 * @param atLeast whether more is better
 */
public record Target(boolean atLeast, double bound) {

  /** No less than that. */
  public static Target atLeast(double bound) {
    return new Target(true, bound);
  }

  /** No more than that. */
  public static Target atMost(double bound) {
    return new Target(false, bound);
  }

  /** Whether the value reaches it. */
  public boolean isMetBy(double value) {
    return atLeast ? value >= bound : value <= bound;
  }

  @Override
  public String toString() {
    return (atLeast ? ">= " : "<= ") + Samples.digits(bound);
  }
}
