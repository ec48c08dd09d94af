package io.podwire.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of the curves, by what was looked at and not by the clock. */
class ServiceCostsTest {

  private static double count(Map<Integer, double[]> costs, int services, String column) {
    double[] values = costs.get(services);
    assertThat(values).hasSameSizeAs(ServiceCosts.COLUMNS.toArray());
    return values == null ? Double.NaN : values[ServiceCosts.COLUMNS.indexOf(column)];
  }

  @Test
  void shouldEvaluateAsManyMoreRulesAsThereAreMoreServicesWithIptables() {
    Map<Integer, double[]> costs = ServiceCosts.counts("iptables", List.of(200, 1000, 4000));

    // Half of the Services come before the one that is asked for, by lot.
    for (int services : costs.keySet()) {
      assertThat(count(costs, services, "rules") / services).isCloseTo(0.5, within(0.08));
      assertThat(count(costs, services, "established-rules")).isZero();
    }
    assertThat(count(costs, 4000, "rules") / count(costs, 200, "rules")).isBetween(16.0, 24.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipvs/rr", "nftables", "userspace", "maglev"})
  void shouldLookAtTheSameHoweverManyServicesThereAreInOtherModes(String mode) {
    Map<Integer, double[]> costs = ServiceCosts.counts(mode, List.of(10, 200, 4000));

    for (int services : costs.keySet()) {
      assertThat(count(costs, services, "rules"))
          .isEqualTo(count(costs, 10, "rules"))
          .isBetween(1.0, 10.0);
      assertThat(count(costs, services, "established-rules")).isZero();
    }
  }
}
