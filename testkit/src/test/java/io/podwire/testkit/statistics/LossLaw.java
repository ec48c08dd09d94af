package io.podwire.testkit.statistics;

/**
 * A Markov chain of which some states lose packets: its share of losses, how much their clustering
 * adds to the variance of a count, and the lengths of its bursts.
 *
 * <p>Computed by carrying probabilities from packet to packet; nothing is drawn. Immutable.
 *
 * @param steps the probability to go from a packet's state to its successor's
 * @param losses of a packet in each state
 */
record LossLaw(double[][] steps, double[] losses) {

  private static final int SETTLED = 100_000;
  private static final int LAGS = 1000;

  /** Each decision repeats the one before it with the probability of the correlation. */
  static LossLaw random(double share, double correlation) {
    double on = (1 - correlation) * share;
    double off = (1 - correlation) * (1 - share);
    return new LossLaw(new double[][] {{1 - on, on}, {off, 1 - off}}, new double[] {0, 1});
  }

  /** tc-netem(8), {@code loss gemodel}. */
  static LossLaw gilbertElliott(double p, double r, double lossInBad, double lossInGood) {
    return new LossLaw(
        new double[][] {{1 - p, p}, {r, 1 - r}}, new double[] {lossInGood, lossInBad});
  }

  /** tc-netem(8), {@code loss state}: states 1 to 4, of which 3 and 4 lose. */
  static LossLaw fourStates(double p13, double p31, double p32, double p23, double p14) {
    return new LossLaw(
        new double[][] {
          {1 - p13 - p14, 0, p13, p14},
          {0, 1 - p23, p23, 0},
          {p31, p32, 1 - p31 - p32, 0},
          {1, 0, 0, 0}
        },
        new double[] {0, 0, 1, 1});
  }

  private double[] settled() {
    double[] state = new double[losses.length];
    state[0] = 1;
    for (int i = 0; i < SETTLED; i++) {
      state = step(state);
    }
    return state;
  }

  private double[] step(double[] from) {
    double[] next = new double[from.length];
    for (int i = 0; i < from.length; i++) {
      for (int j = 0; j < from.length; j++) {
        next[j] += from[i] * steps[i][j];
      }
    }
    return next;
  }

  /** The part of each state's probability whose packet is lost, or is not. */
  private double[] part(double[] state, boolean lost) {
    double[] part = new double[state.length];
    for (int i = 0; i < state.length; i++) {
      part[i] = state[i] * (lost ? losses[i] : 1 - losses[i]);
    }
    return part;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  double share() {
    return sum(part(settled(), true));
  }

  /** The variance of a long count of losses against that of independent ones. */
  double inflation() {
    double share = share();
    double[] afterLoss = part(settled(), true);
    double correlations = 0;
    for (int lag = 0; lag < LAGS; lag++) {
      afterLoss = step(afterLoss);
      correlations += (sum(part(afterLoss, true)) - share * share) / (share * (1 - share));
    }
    return 1 + 2 * correlations;
  }

  /** The probability that a burst of losses is so long, at its length; 0 at 0. */
  double[] bursts(int longest) {
    double[] lengths = new double[longest + 1];
    double[] inBurst = part(step(part(settled(), false)), true);
    double began = sum(inBurst);
    for (int length = 1; length <= longest; length++) {
      double[] next = step(inBurst);
      lengths[length] = sum(part(next, false)) / began;
      inBurst = part(next, true);
    }
    return lengths;
  }
}
