package io.podwire.netstack.impair.model;

/**
 * netem's {@code duplicate PERCENT [CORRELATION]}: a copy goes ahead of the packet, with decisions
 * of its own, but is not copied again.
 *
 * <p>A packet that is both duplicated and lost arrives once.
 */
public record Duplication(double probability, double correlation) implements Impairment {

  public Duplication {
    Checks.probability("duplicate", probability);
    Checks.correlation("duplicate", correlation, probability > 0);
  }

  public Duplication(double probability) {
    this(probability, 0);
  }

  public Chance start(Draws draws) {
    return new Chance(
        probability,
        new CorrelatedDraw(draws, Stream.DUPLICATE, Stream.DUPLICATE_REPEAT, correlation));
  }
}
