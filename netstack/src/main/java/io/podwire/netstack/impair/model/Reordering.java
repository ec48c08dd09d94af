package io.podwire.netstack.impair.model;

/**
 * netem's {@code reorder PERCENT [CORRELATION] [gap N]}: a packet is sent at once, ahead of those
 * that a delay holds.
 *
 * <p>After each reordered packet N - 1 are delayed before the next may be; so a gap with 100 %
 * sends every Nth packet at once.
 */
public record Reordering(double probability, double correlation, int gap) implements Impairment {

  public Reordering {
    Checks.probability("reorder", probability);
    Checks.correlation("reorder", correlation, probability > 0);
    Checks.positive("gap", gap);
  }

  public Reordering(double probability) {
    this(probability, 0, 1);
  }

  public Process start(Draws draws) {
    return new Process(this, draws);
  }

  /** Where the packets are in the gap. Not thread-safe. */
  public static final class Process {

    private final Chance chance;
    private final int gap;
    private int delayed;

    Process(Reordering model, Draws draws) {
      gap = model.gap;
      chance =
          new Chance(
              model.probability,
              new CorrelatedDraw(draws, Stream.REORDER, Stream.REORDER_REPEAT, model.correlation));
    }

    /** Whether the packet is sent at once; indices have to come in order. */
    public boolean reorders(long index) {
      boolean reorders = delayed >= gap - 1 && chance.happens(index);
      delayed = reorders ? 0 : delayed + 1;
      return reorders;
    }
  }
}
