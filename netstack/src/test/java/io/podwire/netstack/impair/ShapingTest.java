package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.ImpairedLink.MILLI;
import static io.podwire.netstack.impair.ImpairedLink.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.impair.model.Slot;
import io.podwire.netstack.impair.model.TokenBucket;
import io.podwire.netstack.link.DropReason;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Rate, slot and token bucket. */
class ShapingTest {

  private static final long MEGABIT = 1_000_000;

  @Test
  void shouldTakeTheTimeThatPacketsTakeOnALink() {
    // 1000 octets at 8 Mbit/s: a millisecond each.
    ImpairedLink link = ImpairedLink.with(new Rate(8 * MEGABIT));
    link.sendAt(0, 1000);
    link.sendAt(0, 1000);
    link.sendAt(MILLI / 2, 500);
    link.sendAt(10 * MILLI, 1000);
    link.drain();

    assertThat(link.times()).containsExactly(MILLI, 2 * MILLI, 5 * MILLI / 2, 11 * MILLI);
  }

  @Test
  void shouldStartARateWhenTheDelayEnds() {
    ImpairedLink link = ImpairedLink.with(new Delay(100 * MILLI), new Rate(8 * MEGABIT));
    link.sendAt(0, 1000);
    link.sendAt(0, 1000);
    link.drain();

    assertThat(link.times()).containsExactly(101 * MILLI, 102 * MILLI);
  }

  @Test
  void shouldChargeOverheadsAndCells() {
    assertThat(new Rate(8000, 20, 0, 0).octets(100)).isEqualTo(120);
    assertThat(new Rate(8000, -14, 0, 0).octets(100)).isEqualTo(86);
    // ATM: 48 octets of payload in cells of 53.
    assertThat(new Rate(8000, 0, 48, 5).octets(96)).isEqualTo(106);
    assertThat(new Rate(8000, 1, 48, 5).octets(96)).isEqualTo(159);
    assertThat(new Rate(8000).nanos(100)).isEqualTo(100 * MILLI);
    assertThat(new Rate(400_000_000_000L).nanos(1500)).isEqualTo(30);
  }

  @Test
  void shouldHoldTheRateOverThirtySeconds() {
    ImpairedLink link = ImpairedLink.with(new Rate(10 * MEGABIT));
    // Twice as much as it carries.
    link.send(50_000, 600_000, 1500).drain();

    FaultSnapshot counts = link.counts();
    assertThat(counts.meanBitsPerSecond()).isCloseTo(1e7, Percentage.withPercentage(0.1));
    assertThat(counts.busyBitsPerSecond()).isCloseTo(1e7, Percentage.withPercentage(0.1));
    assertThat(counts.lost(LossCause.QUEUE_LIMIT)).isPositive();
    assertThat(counts.passed() + counts.lostPackets()).isEqualTo(50_000);
  }

  @Test
  void shouldTellTheRateWhateverPausesThereAre() {
    ImpairedLink link = ImpairedLink.with(new Rate(10 * MEGABIT));
    for (int burst = 0; burst < 10; burst++) {
      link.runUntil(burst * SECOND);
      link.send(100, 1, 1500);
    }
    link.drain();

    assertThat(link.counts().busyBitsPerSecond()).isCloseTo(1e7, Percentage.withPercentage(0.1));
    assertThat(link.counts().meanBitsPerSecond()).isLessThan(2e6);
  }

  @Test
  void shouldNotAddAHostsDelaysUp() {
    ImpairedLink link = ImpairedLink.with(new Rate(8 * MEGABIT));
    for (int i = 0; i < 100; i++) {
      link.impairments.transmit(ImpairedLink.packet(i, 1000), 0);
    }
    for (int i = 1; i <= 40; i++) {
      link.now = i * 3 * MILLI - MILLI / 2;
      link.impairments.advance(link.now);
    }

    assertThat(link.arrivals).hasSize(100);
    assertThat(link.times().getLast()).isBetween(100 * MILLI, 103 * MILLI);
    assertThat(link.counts().lateness().max()).isLessThan(3 * MILLI);
  }

  @Test
  void shouldGatherPacketsInSlots() {
    ImpairedLink link = ImpairedLink.with(new Slot(10 * MILLI, 10 * MILLI, 0, 0));
    link.send(25, MILLI, 100).drain();

    // A slot opens 10 ms after the first packet that missed the one before.
    assertThat(link.times().subList(0, 11)).allMatch(time -> time == 10 * MILLI);
    assertThat(link.times().subList(11, 22)).allMatch(time -> time == 21 * MILLI);
    assertThat(link.times().subList(22, 25)).allMatch(time -> time == 32 * MILLI);
    assertThat(link.numbers()).isSorted();
  }

  @Test
  void shouldLimitASlotsPacketsAndOctets() {
    ImpairedLink packets = ImpairedLink.with(new Slot(10 * MILLI, 10 * MILLI, 2, 0));
    packets.send(5, 1, 100).drain();
    assertThat(packets.times())
        .containsExactly(10 * MILLI, 10 * MILLI, 20 * MILLI, 20 * MILLI, 30 * MILLI);

    ImpairedLink octets = ImpairedLink.with(new Slot(10 * MILLI, 10 * MILLI, 0, 250));
    octets.send(4, 1, 100).drain();
    assertThat(octets.times()).containsExactly(10 * MILLI, 10 * MILLI, 10 * MILLI, 20 * MILLI);
  }

  @Test
  void shouldDrawASlotsTime() {
    ImpairedLink link = ImpairedLink.with(new Slot(5 * MILLI, 15 * MILLI, 0, 0));
    link.send(1000, 100 * MILLI, 100).drain();

    double[] waits = new double[1000];
    for (int i = 0; i < waits.length; i++) {
      waits[i] = (link.times().get(i) - i * 100 * MILLI) / (double) MILLI;
    }
    Statistics.expectDistribution(waits, wait -> Math.clamp((wait - 5) / 10, 0, 1));
  }

  @Test
  void shouldLetABurstThroughAndThenTheRate() {
    // 3000 octets at once, then 1000 octets a millisecond.
    ImpairedLink link = ImpairedLink.with(new TokenBucket(8 * MEGABIT, 3000, 100_000));
    for (int i = 0; i < 6; i++) {
      link.sendAt(0, 1000);
    }
    link.sendAt(100 * MILLI, 1000);
    link.drain();

    assertThat(link.times()).containsExactly(0L, 0L, 0L, MILLI, 2 * MILLI, 3 * MILLI, 100 * MILLI);
  }

  @Test
  void shouldDropWhatIsTooMuchForTheBucketOrItsQueue() {
    ImpairedLink link = ImpairedLink.with(new TokenBucket(8 * MEGABIT, 1500, 2500));
    link.sendAt(0, 1501);
    for (int i = 0; i < 4; i++) {
      link.sendAt(0, 1000);
    }

    assertThat(link.counts().lost(LossCause.TOKEN_BUCKET)).isEqualTo(2);
    assertThat(link.drops.of(DropReason.FAULT_TOKEN_BUCKET)).isEqualTo(2);
    assertThat(link.fault().held()).isEqualTo(2);
    assertThat(link.drain().numbers()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void shouldLimitTheBurstByThePeakRate() {
    // The burst may go at twice the rate only.
    ImpairedLink link =
        ImpairedLink.with(new TokenBucket(8 * MEGABIT, 3000, 100_000, 16 * MEGABIT, 1000));
    for (int i = 0; i < 7; i++) {
      link.sendAt(0, 1000);
    }
    link.drain();

    assertThat(link.times())
        .containsExactly(
            0L, MILLI / 2, MILLI, 3 * MILLI / 2, 2 * MILLI, 5 * MILLI / 2 + MILLI / 2, 4 * MILLI);
  }

  @Test
  void shouldHoldTheBucketsRateOverThirtySeconds() {
    ImpairedLink link =
        ImpairedLink.with(
            TokenBucket.withLatency(10 * MEGABIT, 15_000, 50 * MILLI), new QueueLimit(100_000));
    link.send(50_000, 600_000, 1500).drain();

    assertThat(link.counts().busyBitsPerSecond()).isCloseTo(1e7, Percentage.withPercentage(0.1));
    assertThat(link.counts().meanBitsPerSecond()).isCloseTo(1e7, Percentage.withPercentage(2));
    // The limit is what leaves in 50 ms and the bucket.
    assertThat((double) link.counts().requested().max()).isCloseTo(62e6, within(2e6));
  }

  @Test
  void shouldRefuseWhatIsNoRate() {
    assertThatThrownBy(() -> new Rate(0)).hasMessage("rate must be above 0, got 0");
    assertThatThrownBy(() -> new Rate(1, 0, 0, 5)).hasMessageContaining("needs a cell size");
    assertThatThrownBy(() -> new TokenBucket(8, 1500, 1, 4, 1500))
        .hasMessage("peakrate 4 bit/s is below rate 8 bit/s");
    assertThatThrownBy(() -> new TokenBucket(8, 1500, 1, 16, 0))
        .hasMessage("peakrate needs minburst");
    assertThatThrownBy(() -> new Slot(2, 1, 0, 0)).hasMessageContaining("below its shortest");
    assertThatThrownBy(() -> new Slot(0, 0, 0, 0)).hasMessage("a slot needs a time above 0");
  }
}
