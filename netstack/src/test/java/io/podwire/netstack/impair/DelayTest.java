package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.ImpairedLink.MILLI;
import static io.podwire.netstack.impair.Statistics.expectDistribution;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Distribution;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.link.DropReason;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Delays and their distributions, with 100,000 packets each. */
class DelayTest {

  private static final int PACKETS = 100_000;
  private static final long LATENCY = 100 * MILLI;
  private static final long JITTER = 20 * MILLI;
  private static final double TABLE_END = 3.999;
  private static final QueueLimit WIDE = new QueueLimit(PACKETS);

  /** Delays less the latency, in units of the jitter. */
  private static double[] deviations(double correlation, Distribution distribution) {
    Delay delay = new Delay(LATENCY, JITTER, correlation, distribution);
    ImpairedLink link = ImpairedLink.with(delay, WIDE).send(PACKETS).drain();
    double[] deviations = new double[PACKETS];
    for (ImpairedLink.Arrival arrival : link.arrivals) {
      long delayed = arrival.atNanos() - arrival.number() * MILLI;
      deviations[(int) arrival.number()] = (delayed - LATENCY) / (double) JITTER;
    }
    assertThat(link.arrivals).hasSize(PACKETS);
    assertThat(link.counts().achieved().count()).isEqualTo(PACKETS);
    assertThat(link.impairments.pool().inUse()).isZero();
    return deviations;
  }

  private static double correlation(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double covariance = 0;
    double variance = 0;
    for (int i = 1; i < values.length; i++) {
      covariance += (values[i] - mean) * (values[i - 1] - mean);
      variance += (values[i] - mean) * (values[i] - mean);
    }
    return covariance / variance;
  }

  private static double pareto(double deviation) {
    return 1 - Math.pow(deviation * 3 / 4 + 1.5, -3);
  }

  /** A distribution's function, read off its inverse at so many steps. */
  private static DoubleUnaryOperator inverse(DoubleUnaryOperator quantile, int steps) {
    double[] quantiles = new double[steps];
    for (int i = 0; i < steps; i++) {
      quantiles[i] = quantile.applyAsDouble((i + 0.5) / steps);
    }
    return value -> {
      int at = Arrays.binarySearch(quantiles, value);
      return (at < 0 ? -at - 1 : at) / (double) steps;
    };
  }

  private static double normalQuantile(double probability) {
    double low = -9;
    double high = 9;
    for (int i = 0; i < 30; i++) {
      double middle = (low + high) / 2;
      if (Statistics.normal(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Test
  void shouldDelayEveryPacketAlike() {
    ImpairedLink link = ImpairedLink.with(new Delay(LATENCY)).send(10).drain();

    assertThat(link.numbers()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(link.times()).startsWith(LATENCY, LATENCY + MILLI).endsWith(LATENCY + 9 * MILLI);
    FaultSnapshot counts = link.counts();
    assertThat(counts.delayed()).isEqualTo(10);
    assertThat(counts.requested().mean()).isEqualTo(LATENCY);
    assertThat(counts.achieved().mean()).isEqualTo(LATENCY);
    assertThat((double) counts.achieved().p99()).isCloseTo(LATENCY, within(LATENCY / 1000.0));
    assertThat(counts.lateness().max()).isZero();
  }

  @Test
  void shouldTellHowLateAHostWas() {
    ImpairedLink link = ImpairedLink.with(new Delay(LATENCY)).send(1);
    link.now = LATENCY + 7 * MILLI;
    link.impairments.advance(link.now);

    assertThat(link.times()).containsExactly(link.now);
    assertThat(link.counts().requested().mean()).isEqualTo(LATENCY);
    assertThat(link.counts().achieved().mean()).isEqualTo(LATENCY + 7.0 * MILLI);
    assertThat(link.counts().lateness().max()).isEqualTo(7 * MILLI);
  }

  @Test
  void shouldSpreadUniformly() {
    double[] deviations = deviations(0, Distribution.UNIFORM);

    expectDistribution(deviations, x -> Math.clamp((x + 1) / 2, 0, 1));
    assertThat(correlation(deviations)).isCloseTo(0, within(3.29 / Math.sqrt(PACKETS)));
  }

  @Test
  void shouldSpreadNormally() {
    expectDistribution(deviations(0, Distribution.NORMAL), Statistics::normal);
  }

  @Test
  void shouldSpreadAsPareto() {
    // At 4 times the jitter netem's table ends; what is beyond comes together there.
    double[] all = deviations(0, Distribution.PARETO);
    double[] inside = Arrays.stream(all).filter(x -> x < TABLE_END).toArray();

    Statistics.expectShare(PACKETS - inside.length, PACKETS, 1 - pareto(TABLE_END));
    expectDistribution(inside, x -> Math.max(0, pareto(x)) / pareto(TABLE_END));
  }

  @Test
  void shouldSpreadAsAMixOfParetoAndNormal() {
    DoubleUnaryOperator mix =
        probability ->
            (Math.min(4, normalQuantile(probability))
                    + 3 * Math.min(4, (Math.pow(1 - probability, -1.0 / 3) - 1.5) * 4 / 3))
                / 4;

    expectDistribution(deviations(0, Distribution.PARETONORMAL), inverse(mix, 4000));
  }

  @Test
  void shouldCorrelateNeighboursAndKeepTheDistribution() {
    double[] deviations = deviations(0.25, Distribution.NORMAL);

    assertThat(correlation(deviations)).isCloseTo(0.25, within(0.02));
    double[] independent = new double[PACKETS / 20];
    for (int i = 0; i < independent.length; i++) {
      independent[i] = deviations[20 * i];
    }
    expectDistribution(independent, Statistics::normal);
  }

  @Test
  void shouldReorderByJitterAsNetemDoes() {
    ImpairedLink link =
        ImpairedLink.with(new Delay(10 * MILLI, 5 * MILLI)).send(1000, MILLI / 10, 100).drain();

    assertThat(link.arrivals).hasSize(1000);
    assertThat(link.times()).isSorted();
    assertThat(link.numbers()).isNotEqualTo(link.numbers().stream().sorted().toList());
  }

  @Test
  void shouldNeverBeNegative() {
    ImpairedLink link =
        ImpairedLink.with(new Delay(MILLI, 10 * MILLI, 0, Distribution.NORMAL), WIDE)
            .send(1000)
            .drain();

    assertThat(link.arrivals)
        .hasSize(1000)
        .allMatch(arrival -> arrival.atNanos() >= arrival.number() * MILLI);
  }

  @Test
  void shouldHoldAThousandPacketsUnlessToldOtherwise() {
    ImpairedLink link = ImpairedLink.with(new Delay(LATENCY)).send(1500, 1, 100);

    assertThat(link.fault().held()).isEqualTo(1000);
    assertThat(link.counts().lost(LossCause.QUEUE_LIMIT)).isEqualTo(500);
    assertThat(link.drops.of(DropReason.FAULT_QUEUE_FULL)).isEqualTo(500);
    link.drain();
    assertThat(link.arrivals).hasSize(1000);
  }

  @Test
  void shouldRefuseWhatIsNoDelay() {
    assertThatThrownBy(() -> new Delay(-1)).hasMessageContaining("delay must not be negative");
    assertThatThrownBy(() -> new Delay(1, 0, 0.5, Distribution.UNIFORM))
        .hasMessage("jitter correlation 50.0 % without jitter");
    assertThatThrownBy(() -> new Delay(Long.MAX_VALUE)).hasMessageContaining("a day at most");
  }
}
