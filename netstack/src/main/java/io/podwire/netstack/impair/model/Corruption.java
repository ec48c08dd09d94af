package io.podwire.netstack.impair.model;

/**
 * netem's {@code corrupt PERCENT [CORRELATION]}: one bit at a random place is flipped, after the
 * checksums were computed.
 *
 * <p>The bit is behind the Ethernet header, where netem may also hit that header: a real link's
 * frame check sequence would have removed such a frame, and no receiver could tell it.
 */
public record Corruption(double probability, double correlation) implements Impairment {

  public Corruption {
    Checks.probability("corrupt", probability);
    Checks.correlation("corrupt", correlation, probability > 0);
  }

  public Corruption(double probability) {
    this(probability, 0);
  }

  public Chance start(Draws draws) {
    return new Chance(
        probability, new CorrelatedDraw(draws, Stream.CORRUPT, Stream.CORRUPT_REPEAT, correlation));
  }
}
