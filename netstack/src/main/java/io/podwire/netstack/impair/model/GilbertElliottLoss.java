package io.podwire.netstack.impair.model;

/**
 * netem's {@code loss gemodel P [R [1-H [1-K]]]}: a good and a bad state, each with a loss of its
 * own (Gilbert 1960, Elliott 1963).
 *
 * <p>As in netem, a packet's fate is that of the state before it moves.
 *
 * @param toBad P, the probability to go from good to bad
 * @param toGood R, the probability to go from bad to good
 * @param lossInBad 1-H
 * @param lossInGood 1-K
 */
public record GilbertElliottLoss(double toBad, double toGood, double lossInBad, double lossInGood)
    implements Loss {

  public GilbertElliottLoss {
    Checks.probability("p", toBad);
    Checks.probability("r", toGood);
    Checks.probability("1-h", lossInBad);
    Checks.probability("1-k", lossInGood);
  }

  /** Gilbert's model with tc's defaults: all is lost in the bad state, nothing in the good one. */
  public GilbertElliottLoss(double toBad, double toGood) {
    this(toBad, toGood, 1, 0);
  }

  /** With tc's defaults: R is 1 - P. */
  public GilbertElliottLoss(double toBad) {
    this(toBad, 1 - toBad);
  }

  @Override
  public Process start(Draws draws) {
    return new Chain(this, draws);
  }

  @Override
  public LossCause cause() {
    return LossCause.GILBERT_ELLIOTT;
  }

  @Override
  public double expectedShare() {
    double bad = toBad == 0 ? 0 : toBad / (toBad + toGood);
    return bad * lossInBad + (1 - bad) * lossInGood;
  }

  private static final class Chain implements Process {

    private final Draws draws;
    private final long toBad;
    private final long toGood;
    private final long lossInBad;
    private final long lossInGood;
    private boolean bad;

    Chain(GilbertElliottLoss model, Draws draws) {
      this.draws = draws;
      toBad = Draws.threshold(model.toBad);
      toGood = Draws.threshold(model.toGood);
      lossInBad = Draws.threshold(model.lossInBad);
      lossInGood = Draws.threshold(model.lossInGood);
    }

    @Override
    public boolean loses(long index) {
      boolean lost = draws.uint32(Stream.LOSS_IN_STATE, index) < (bad ? lossInBad : lossInGood);
      bad ^= draws.uint32(Stream.LOSS, index) < (bad ? toGood : toBad);
      return lost;
    }
  }
}
