package io.podwire.netstack.impair.model;

/**
 * Whether something happens to a packet, with a probability and a correlation with the packet
 * before it. Not thread-safe.
 */
public final class Chance {

  private final CorrelatedDraw draw;
  private final long threshold;

  Chance(double probability, CorrelatedDraw draw) {
    this.draw = draw;
    this.threshold = Draws.threshold(probability);
  }

  public boolean happens(long index) {
    return draw.next(index) < threshold;
  }
}
