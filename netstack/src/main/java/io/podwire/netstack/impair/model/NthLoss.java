package io.podwire.netstack.impair.model;

/**
 * Pumba's {@code loss --mode nth --every N --packet P}, iptables' statistic match: of every N
 * packets the one at place P, counted from 0, is lost.
 */
public record NthLoss(int every, int packet) implements Loss {

  public NthLoss {
    Checks.positive("every", every);
    if (packet < 0 || packet >= every) {
      throw new IllegalArgumentException(
          "packet must be 0-" + (every - 1) + " where every is " + every + ", got " + packet);
    }
  }

  @Override
  public Process start(Draws draws) {
    return index -> index % every == packet;
  }

  @Override
  public LossCause cause() {
    return LossCause.NTH;
  }

  @Override
  public double expectedShare() {
    return 1.0 / every;
  }
}
