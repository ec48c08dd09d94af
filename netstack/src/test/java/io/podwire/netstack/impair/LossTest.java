package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.Statistics.expectLaw;
import static io.podwire.netstack.impair.Statistics.expectShare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.podwire.netstack.impair.model.FourStateLoss;
import io.podwire.netstack.impair.model.GilbertElliottLoss;
import io.podwire.netstack.impair.model.Loss;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.NthLoss;
import io.podwire.netstack.impair.model.RandomLoss;
import io.podwire.netstack.link.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each loss model against its law, with 200,000 packets. */
class LossTest {

  private static final int PACKETS = 200_000;
  private static final int LONGEST_RUN = 1000;

  private static boolean[] arrived(Loss loss) {
    ImpairedLink link = ImpairedLink.with(loss).send(PACKETS);
    boolean[] arrived = link.arrived(PACKETS);
    long lost = lost(arrived);
    assertThat(link.counts().lost(loss.cause())).isEqualTo(lost);
    assertThat(link.counts().passed()).isEqualTo(PACKETS - lost);
    assertThat(link.drops.of(DropReason.FAULT_LOSS)).isEqualTo(lost);
    assertThat(link.impairments.pool().inUse()).isZero();
    return arrived;
  }

  private static long lost(boolean[] arrived) {
    long lost = 0;
    for (boolean one : arrived) {
      lost += one ? 0 : 1;
    }
    return lost;
  }

  /** How often there were so many packets of one fate between two of the other. */
  private static long[] runs(boolean[] arrived, boolean fate) {
    long[] counts = new long[LONGEST_RUN];
    int run = 0;
    for (boolean one : arrived) {
      if (one == fate) {
        run++;
      } else if (run > 0) {
        counts[Math.min(run, LONGEST_RUN - 1)]++;
        run = 0;
      }
    }
    return counts;
  }

  private static double geometric(double end, double length) {
    return end * Math.pow(1 - end, length - 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.01, 0.1, 0.5, 0.99})
  void shouldLoseTheShareAskedFor(double probability) {
    expectShare(lost(arrived(new RandomLoss(probability))), PACKETS, probability);
  }

  @Test
  void shouldLoseNothingOrEverythingAtTheEnds() {
    assertThat(lost(arrived(new RandomLoss(0)))).isZero();
    assertThat(lost(arrived(new RandomLoss(1)))).isEqualTo(PACKETS);
  }

  @Test
  void shouldLoseIndependentlyWithoutCorrelation() {
    boolean[] arrived = arrived(new RandomLoss(0.2));

    expectLaw(runs(arrived, false), length -> geometric(0.8, length));
    expectLaw(runs(arrived, true), length -> geometric(0.2, length));
  }

  @Test
  void shouldKeepTheShareWithCorrelation() {
    double correlation = 0.5;
    boolean[] arrived = arrived(new RandomLoss(0.1, correlation));

    // A chain's variance is larger than independent losses' by (1 + c) / (1 - c).
    double sigma = Math.sqrt(PACKETS * 0.1 * 0.9 * (1 + correlation) / (1 - correlation));
    assertThat((double) lost(arrived)).isCloseTo(PACKETS * 0.1, within(Statistics.SIGMAS * sigma));
    double end = 1 - (correlation + (1 - correlation) * 0.1);
    expectLaw(runs(arrived, false), length -> geometric(end, length));
  }

  @Test
  void shouldLoseInBurstsOfGilbert() {
    GilbertElliottLoss model = new GilbertElliottLoss(0.02, 0.25);
    boolean[] arrived = arrived(model);

    assertThat(model.expectedShare()).isCloseTo(0.02 / 0.27, within(1e-12));
    expectLaw(runs(arrived, false), length -> geometric(0.25, length));
    expectLaw(runs(arrived, true), length -> geometric(0.02, length));
  }

  @Test
  void shouldLoseInBothStatesOfGilbertElliott() {
    GilbertElliottLoss model = new GilbertElliottLoss(0.05, 0.2, 0.7, 0.01);
    boolean[] arrived = arrived(model);

    double bad = 0.05 / 0.25;
    assertThat(model.expectedShare()).isCloseTo(bad * 0.7 + (1 - bad) * 0.01, within(1e-12));
    // The state's memory inflates the variance: by 1 + 2 * covariances / variance.
    double share = model.expectedShare();
    double inflation =
        1 + 2 * bad * (1 - bad) * 0.69 * 0.69 * (0.75 / 0.25) / (share * (1 - share));
    double sigma = Math.sqrt(PACKETS * share * (1 - share) * inflation);
    assertThat((double) lost(arrived))
        .isCloseTo(PACKETS * share, within(Statistics.SIGMAS * sigma));
  }

  @Test
  void shouldLoseInBurstsAndAloneWithFourStates() {
    FourStateLoss model = new FourStateLoss(0.02, 0.3, 0.2, 0.4, 0.03);
    boolean[] arrived = arrived(model);

    // Visits for one of state 1; a run of losses begins in state 1 or 2, or is a single one.
    double three = 0.02 / 0.3;
    double two = three * 0.2 / 0.4;
    double bursts = 0.02 + two * 0.4;
    double single = 0.03 / (bursts + 0.03);
    assertThat(model.expectedShare())
        .isCloseTo((three + 0.03) / (1 + two + three + 0.03), within(1e-12));
    expectLaw(
        runs(arrived, false),
        length -> (1 - single) * geometric(0.5, length) + (length == 1 ? single : 0));
  }

  @Test
  void shouldTakeTcsDefaultsForStates() {
    assertThat(new FourStateLoss(0.1)).isEqualTo(new FourStateLoss(0.1, 0.9, 0, 1, 0));
    assertThat(new GilbertElliottLoss(0.1)).isEqualTo(new GilbertElliottLoss(0.1, 0.9, 1, 0));
    // With them both are independent losses.
    expectShare(lost(arrived(new FourStateLoss(0.1))), PACKETS, 0.1);
    expectShare(lost(arrived(new GilbertElliottLoss(0.1))), PACKETS, 0.1);
  }

  @Test
  void shouldLoseEveryNthPacket() {
    ImpairedLink link = ImpairedLink.with(new NthLoss(4, 1)).send(9);

    assertThat(link.numbers()).containsExactly(0L, 2L, 3L, 4L, 6L, 7L, 8L);
    assertThat(link.counts().lost(LossCause.NTH)).isEqualTo(2);
  }

  @Test
  void shouldRefuseWhatIsNoProbability() {
    assertThatThrownBy(() -> new RandomLoss(1.2)).hasMessage("loss must be 0-100 %, got 120.0 %");
    assertThatThrownBy(() -> new RandomLoss(Double.NaN)).hasMessageContaining("loss must be");
    assertThatThrownBy(() -> new RandomLoss(0, 0.25))
        .hasMessage("loss correlation 25.0 % without loss");
    assertThatThrownBy(() -> new FourStateLoss(0.6, 0.1, 0, 1, 0.6))
        .hasMessageContaining("p13 + p14");
    assertThatThrownBy(() -> new NthLoss(3, 3)).hasMessageContaining("packet must be 0-2");
  }
}
