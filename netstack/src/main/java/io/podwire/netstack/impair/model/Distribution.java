package io.podwire.netstack.impair.model;

/**
 * The shapes of a delay's jitter, as netem's distribution tables have them.
 *
 * <p>A table holds the inverse of the distribution's function at equal steps, in units of 1/8192 of
 * the jitter, cut off at 4 times the jitter as netem's 16-bit numbers are. It is computed from the
 * formulas of iproute2's table generators, not read from a file.
 */
public enum Distribution {
  UNIFORM {
    @Override
    double quantile(double probability) {
      return 2 * probability - 1;
    }
  },
  NORMAL {
    @Override
    double quantile(double probability) {
      return NormalQuantile.of(probability);
    }
  },
  PARETO {
    @Override
    double quantile(double probability) {
      return (Math.pow(1 - probability, -1 / SHAPE) - SHAPE / (SHAPE - 1)) * 4 / 3;
    }
  },
  /** A quarter of the normal one and three of Pareto's. */
  PARETONORMAL {
    @Override
    double quantile(double probability) {
      return (limited(NORMAL.quantile(probability)) + 3 * limited(PARETO.quantile(probability)))
          / 4;
    }
  };

  private static final double SHAPE = 3;
  private static final int SIZE = 4096;
  private static final int SCALE = 8192;

  private final short[] table = new short[SIZE];

  Distribution() {
    for (int i = 0; i < SIZE; i++) {
      table[i] = (short) Math.rint(limited(quantile((i + 0.5) / SIZE)) * SCALE);
    }
  }

  /** The deviation, in units of the jitter, that stays below itself with this probability. */
  abstract double quantile(double probability);

  static double limited(double deviation) {
    return Math.clamp(
        deviation, Short.MIN_VALUE / (double) SCALE, Short.MAX_VALUE / (double) SCALE);
  }

  /**
   * How far from the mean this draw is.
   *
   * @param uint32 of 0 to 2^32 - 1
   */
  long deviation(long uint32, long jitterNanos) {
    if (this == UNIFORM) {
      // Exact: a table of 4096 steps would be seen in a jitter of a second.
      return Draws.scale(uint32 << 32, 2 * jitterNanos) - jitterNanos;
    }
    int scaled = table[(int) (uint32 >>> 20)];
    long fraction = jitterNanos % SCALE * scaled;
    long half = fraction >= 0 ? SCALE / 2 : -SCALE / 2;
    return (fraction + half) / SCALE + jitterNanos / SCALE * scaled;
  }
}
