package io.podwire.testkit.statistics;

import java.util.Arrays;

/**
 * The functions of netem's distributions, in units of the jitter around the delay: what iproute2's
 * table generators compute, cut off at 4 as the tables' 16-bit numbers are.
 */
enum JitterLaw {
  UNIFORM {
    @Override
    double below(double deviation) {
      return Math.clamp((deviation + 1) / 2, 0, 1);
    }
  },
  NORMAL {
    @Override
    double below(double deviation) {
      return normal(deviation);
    }
  },
  /** Without what is cut off, see {@link #cutOff}. */
  PARETO {
    @Override
    double below(double deviation) {
      return Math.min(1, pareto(deviation) / pareto(END));
    }
  },
  PARETONORMAL {
    @Override
    double below(double deviation) {
      int at = Arrays.binarySearch(MIXED, deviation);
      return (at < 0 ? -at - 1 : at) / (double) MIXED.length;
    }
  };

  /** Where Pareto's table ends; what is beyond lies there. */
  static final double END = 3.98;

  private static final double TABLE_END = 4;
  private static final double SHAPE = 3;
  private static final double[] MIXED = mixed(4000);

  /** The probability to stay below. */
  abstract double below(double deviation);

  /** The share of Pareto's distribution from {@link #END} on. */
  static double cutOff() {
    return 1 - pareto(END);
  }

  private static double pareto(double deviation) {
    double base = deviation * 3 / 4 + SHAPE / (SHAPE - 1);
    return base <= 1 ? 0 : 1 - Math.pow(base, -SHAPE);
  }

  /** A quarter of the normal quantile and three of Pareto's, at so many steps. */
  private static double[] mixed(int steps) {
    double[] quantiles = new double[steps];
    for (int i = 0; i < steps; i++) {
      double probability = (i + 0.5) / steps;
      double pareto = (Math.pow(1 - probability, -1 / SHAPE) - SHAPE / (SHAPE - 1)) * 4 / 3;
      double normal = normalQuantile(probability);
      quantiles[i] =
          (Math.clamp(normal, -TABLE_END, TABLE_END) + 3 * Math.min(TABLE_END, pareto)) / 4;
    }
    return quantiles;
  }

  private static double normalQuantile(double probability) {
    double low = -9;
    double high = 9;
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      if (normal(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The standard normal distribution's function, by Simpson's rule over its density. */
  private static double normal(double x) {
    int steps = 200;
    double from = Math.min(0, x);
    double width = Math.abs(x) / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      double at = from + i * width;
      sum += weight * Math.exp(-at * at / 2);
    }
    double area = sum * width / 3 / Math.sqrt(2 * Math.PI);
    return x < 0 ? 0.5 - area : 0.5 + area;
  }
}
