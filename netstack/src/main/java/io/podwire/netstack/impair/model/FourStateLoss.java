package io.podwire.netstack.impair.model;

/**
 * netem's {@code loss state P13 [P31 [P32 [P23 [P14]]]]}: a Markov chain of four states (Salsano,
 * Ludovici, Ordine: Definition of a general and intuitive loss model for packet networks).
 *
 * <p>In state 1 packets arrive, in state 2 they arrive within a burst, in state 3 they are lost
 * within a burst, state 4 is a single loss outside of one. The packet's fate is that of the state
 * moved to.
 */
public record FourStateLoss(double p13, double p31, double p32, double p23, double p14)
    implements Loss {

  public FourStateLoss {
    Checks.probability("p13", p13);
    Checks.probability("p31", p31);
    Checks.probability("p32", p32);
    Checks.probability("p23", p23);
    Checks.probability("p14", p14);
    Checks.probability("p13 + p14", p13 + p14);
    Checks.probability("p31 + p32", p31 + p32);
  }

  /** With tc's defaults: bursts end with probability 1 - P13, and nothing arrives within them. */
  public FourStateLoss(double p13) {
    this(p13, 1 - p13, 0, 1, 0);
  }

  @Override
  public Process start(Draws draws) {
    return new Chain(this, draws);
  }

  @Override
  public LossCause cause() {
    return LossCause.FOUR_STATE;
  }

  /** The stationary probability of states 3 and 4; NaN where the chain cannot leave a state. */
  @Override
  public double expectedShare() {
    // Visits of each state for one of state 1.
    double three = p31 > 0 ? p13 / p31 : p13 > 0 ? Double.NaN : 0;
    double two = p32 > 0 ? three * p32 / p23 : 0;
    double sum = 1 + two + three + p14;
    return (three + p14) / sum;
  }

  private static final class Chain implements Process {

    private final Draws draws;
    private final long p13or14;
    private final long p31or32;
    private final long p32;
    private final long p23;
    private final long p14;
    private int state = 1;

    Chain(FourStateLoss model, Draws draws) {
      this.draws = draws;
      p14 = Draws.threshold(model.p14);
      p13or14 = Draws.threshold(model.p13 + model.p14);
      p32 = Draws.threshold(model.p32);
      p31or32 = Draws.threshold(model.p31 + model.p32);
      p23 = Draws.threshold(model.p23);
    }

    @Override
    public boolean loses(long index) {
      long draw = draws.uint32(Stream.LOSS, index);
      state =
          switch (state) {
            case 1 -> draw < p14 ? 4 : draw < p13or14 ? 3 : 1;
            case 2 -> draw < p23 ? 3 : 2;
            case 3 -> draw < p32 ? 2 : draw < p31or32 ? 1 : 3;
            default -> 1;
          };
      return state > 2;
    }
  }
}
