package io.podwire.netstack.impair.model;

/**
 * Numbers of which each is the one before it with the probability of the correlation, and a fresh
 * one otherwise.
 *
 * <p>The numbers stay uniform and the correlation of neighbours is exactly the one asked for, which
 * is what tc-netem(8) describes. netem itself averages the fresh number with the last one; that
 * pulls the numbers to the middle, so that its {@code loss 10% 25%} loses under 3 %. Not
 * thread-safe.
 */
public final class CorrelatedDraw {

  private final Draws draws;
  private final Stream stream;
  private final Stream repeat;
  private final long correlation;
  private long last = -1;

  public CorrelatedDraw(Draws draws, Stream stream, Stream repeat, double correlation) {
    this.draws = draws;
    this.stream = stream;
    this.repeat = repeat;
    this.correlation = Draws.threshold(correlation);
  }

  /** A number of 0 to 2^32 - 1 for this packet; indices have to come in order. */
  public long next(long index) {
    boolean repeats = correlation > 0 && last >= 0 && draws.uint32(repeat, index) < correlation;
    if (!repeats) {
      last = draws.uint32(stream, index);
    }
    return last;
  }
}
