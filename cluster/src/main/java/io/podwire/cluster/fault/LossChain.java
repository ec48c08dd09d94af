package io.podwire.cluster.fault;

import java.util.Optional;

/**
 * A Markov chain whose states lose packets with some probability: its share of losses in the long
 * run, and how much their clustering adds to the variance of a count. Immutable.
 */
final class LossChain {

  private static final int SQUARINGS = 60;
  private static final int MOST_LAGS = 100_000;
  private static final double NEGLIGIBLE = 1e-9;

  private final double[][] transitions;
  private final double[] losses;
  private final double[] stationary;

  private LossChain(double[][] transitions, double[] losses) {
    this.transitions = transitions;
    this.losses = losses;
    this.stationary = stationary(transitions);
  }

  /** The chain behind a loss; empty for one that counts. */
  static Optional<LossChain> of(PacketEffect effect) {
    if (effect instanceof PacketEffect.RandomLoss loss) {
      return Optional.of(correlated(loss.probability(), loss.correlation()));
    }
    if (effect instanceof PacketEffect.GilbertElliottLoss loss) {
      return Optional.of(
          new LossChain(
              new double[][] {{1 - loss.p(), loss.p()}, {loss.r(), 1 - loss.r()}},
              new double[] {loss.lossInGood(), loss.lossInBad()}));
    }
    if (effect instanceof PacketEffect.StateLoss loss) {
      return Optional.of(fourStates(loss));
    }
    return Optional.empty();
  }

  /** Each decision is the one before it with the probability of the correlation. */
  static LossChain correlated(double probability, double correlation) {
    double on = (1 - correlation) * probability;
    double off = (1 - correlation) * (1 - probability);
    return new LossChain(new double[][] {{1 - on, on}, {off, 1 - off}}, new double[] {0, 1});
  }

  /** netem's states 1 (good), 2 (good in a burst), 3 (lost in a burst), 4 (lost alone). */
  private static LossChain fourStates(PacketEffect.StateLoss loss) {
    return new LossChain(
        new double[][] {
          {Math.max(0, 1 - loss.p13() - loss.p14()), 0, loss.p13(), loss.p14()},
          {0, 1 - loss.p23(), loss.p23(), 0},
          {loss.p31(), loss.p32(), Math.max(0, 1 - loss.p31() - loss.p32()), 0},
          {1, 0, 0, 0}
        },
        new double[] {0, 0, 1, 1});
  }

  /** The share of packets that are lost in the long run. */
  double share() {
    double share = 0;
    for (int state = 0; state < losses.length; state++) {
      share += stationary[state] * losses[state];
    }
    return Math.min(1, Math.max(0, share));
  }

  /** The variance of a long count against that of independent losses; at least 1. */
  double inflation() {
    double mean = share();
    double variance = mean * (1 - mean);
    if (variance <= 0) {
      return 1;
    }
    double sum = 0;
    double[] weights = new double[losses.length];
    for (int state = 0; state < losses.length; state++) {
      weights[state] = stationary[state] * losses[state];
    }
    for (int lag = 0; lag < MOST_LAGS; lag++) {
      weights = step(weights, transitions);
      double together = 0;
      for (int state = 0; state < losses.length; state++) {
        together += weights[state] * losses[state];
      }
      double correlation = (together - mean * mean) / variance;
      sum += correlation;
      if (Math.abs(correlation) < NEGLIGIBLE) {
        break;
      }
    }
    return Math.max(1, 1 + 2 * sum);
  }

  /** From the first state on, with pauses, so that a cycle settles too. */
  private static double[] stationary(double[][] transitions) {
    int size = transitions.length;
    double[][] power = new double[size][size];
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        power[from][to] = transitions[from][to] / 2 + (from == to ? 0.5 : 0);
      }
    }
    for (int i = 0; i < SQUARINGS; i++) {
      double[][] square = new double[size][];
      for (int from = 0; from < size; from++) {
        square[from] = normalized(step(power[from], power));
      }
      power = square;
    }
    return power[0];
  }

  private static double[] step(double[] weights, double[][] transitions) {
    double[] next = new double[weights.length];
    for (int from = 0; from < weights.length; from++) {
      for (int to = 0; to < weights.length; to++) {
        next[to] += weights[from] * transitions[from][to];
      }
    }
    return next;
  }

  private static double[] normalized(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }
}
