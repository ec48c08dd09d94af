package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.ImpairedLink.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.impair.model.Corruption;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Distribution;
import io.podwire.netstack.impair.model.Draws;
import io.podwire.netstack.impair.model.Duplication;
import io.podwire.netstack.impair.model.GilbertElliottLoss;
import io.podwire.netstack.impair.model.Impairment;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.impair.model.RandomLoss;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.impair.model.Reordering;
import io.podwire.netstack.impair.model.Stream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The same seed and packets decide alike, whatever time does. */
class DecisionTest {

  private static final Impairment[] ALL = {
    new Duplication(0.1, 0.3),
    new GilbertElliottLoss(0.05, 0.3, 0.8, 0.01),
    new Corruption(0.05, 0.2),
    new Delay(5 * MILLI, 2 * MILLI, 0.25, Distribution.NORMAL),
    new Reordering(0.2, 0.5, 3)
  };

  @Test
  void shouldDecideAlikeAHundredTimes() {
    Set<Long> hashes = new HashSet<>();
    Set<Object> arrivals = new HashSet<>();
    for (int run = 0; run < 100; run++) {
      ImpairedLink link = ImpairedLink.withSeed(7, ALL).send(2000).drain();
      hashes.add(link.fault().decisions().hash());
      arrivals.add(List.copyOf(link.arrivals));
    }

    assertThat(hashes).hasSize(1);
    assertThat(arrivals).hasSize(1);
  }

  @Test
  void shouldDecideOtherwiseWithEveryOtherSeed() {
    Set<Long> hashes = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      hashes.add(ImpairedLink.withSeed(seed, ALL).send(500).fault().decisions().hash());
    }

    assertThat(hashes).hasSize(100);
  }

  @Test
  void shouldNotDependOnTimeOrAFullQueue() {
    DecisionLog slow = ImpairedLink.withSeed(7, ALL).send(3000, MILLI, 100).fault().decisions();
    Impairment[] narrow = new Impairment[ALL.length + 2];
    System.arraycopy(ALL, 0, narrow, 0, ALL.length);
    narrow[ALL.length] = new QueueLimit(20);
    narrow[ALL.length + 1] = new Rate(1_000_000);
    ImpairedLink link = ImpairedLink.withSeed(7, narrow).send(3000, MILLI / 100, 100);
    DecisionLog fast = link.fault().decisions();

    assertThat(link.counts().lostPackets()).isGreaterThan(1000);
    assertThat(fast.last()).isEqualTo(slow.last());
    assertThat(fast.hash()).isEqualTo(slow.hash());
    assertThat(fast.count()).isEqualTo(slow.count());
  }

  @Test
  void shouldNotDependOnOtherFaultsOfTheLink() {
    ImpairedLink alone = ImpairedLink.withSeed(7, new RandomLoss(0.1)).send(1000);
    ImpairedLink both = ImpairedLink.withSeed(7, new RandomLoss(0.1));
    both.impairments.put(ImpairedLink.fault("default/other", 9, new RandomLoss(0.5)), 0);
    both.send(1000);

    assertThat(both.fault().decisions().hash()).isEqualTo(alone.fault().decisions().hash());
    assertThat(both.impairments.faults().getLast().decisions().count())
        .isEqualTo(alone.arrivals.size());
  }

  @Test
  void shouldDifferByLinkDirectionAndStream() {
    Draws draws = new Draws(1, "default/a", "EGRESS");
    Set<Long> bits = new HashSet<>();
    bits.add(draws.bits(Stream.LOSS, 0));
    bits.add(draws.bits(Stream.LOSS, 1));
    bits.add(draws.bits(Stream.DELAY, 0));
    bits.add(new Draws(2, "default/a", "EGRESS").bits(Stream.LOSS, 0));
    bits.add(new Draws(1, "default/b", "EGRESS").bits(Stream.LOSS, 0));
    bits.add(new Draws(1, "default/a", "INGRESS").bits(Stream.LOSS, 0));

    assertThat(bits).hasSize(6);
    // What a seed means stays what it is.
    assertThat(draws.bits(Stream.LOSS, 0)).isEqualTo(GOLDEN_BITS);
    assertThat(ImpairedLink.withSeed(7, ALL).send(100).fault().decisions().hash())
        .isEqualTo(GOLDEN_HASH);
  }

  private static final long GOLDEN_BITS = 6_453_916_279_898_695_543L;
  private static final long GOLDEN_HASH = -2_911_322_206_267_151_473L;

  @Test
  void shouldRememberTheLastDecisions() {
    DecisionLog log = ImpairedLink.with(new Delay(3)).send(3000).fault().decisions();

    assertThat(log.count()).isEqualTo(3000);
    assertThat(log.last()).hasSize(DecisionLog.CAPACITY);
    assertThat(log.last().getLast())
        .isEqualTo(new Decision(2999, null, false, false, false, false, 3));
  }
}
