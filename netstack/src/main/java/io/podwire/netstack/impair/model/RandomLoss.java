package io.podwire.netstack.impair.model;

/**
 * netem's {@code loss random PERCENT [CORRELATION]}: the share is exact with any correlation, and a
 * lost packet's successor is lost with probability correlation + (1 - correlation) * probability.
 */
public record RandomLoss(double probability, double correlation) implements Loss {

  public RandomLoss {
    Checks.probability("loss", probability);
    Checks.correlation("loss", correlation, probability > 0);
  }

  public RandomLoss(double probability) {
    this(probability, 0);
  }

  @Override
  public Process start(Draws draws) {
    return new Chance(
            probability, new CorrelatedDraw(draws, Stream.LOSS, Stream.LOSS_REPEAT, correlation))
        ::happens;
  }

  @Override
  public LossCause cause() {
    return LossCause.RANDOM;
  }

  @Override
  public double expectedShare() {
    return probability;
  }
}
