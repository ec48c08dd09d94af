package io.podwire.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.podwire.cluster.fault.FaultLink.Direction;
import io.podwire.cluster.fault.Verdict.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final long MS = 1_000_000;

  @Test
  void shouldFailWhereNothingMatched() {
    Verdict verdict = Verdict.of(spec(new PacketEffect.RandomLoss(0.1, 0)), List.of());

    assertThat(verdict.outcome()).isEqualTo(Outcome.NO_MATCH);
    assertThat(verdict.outcome().text()).isEqualTo("no-match");
    assertThat(verdict.message()).contains("no packet passed that the fault is for");
  }

  @Test
  void shouldJudgeALossByItsShare() {
    FaultSpec tenPercent = spec(new PacketEffect.RandomLoss(0.1, 0));

    assertThat(outcome(tenPercent, lost(10_000, 1_000))).isEqualTo(Outcome.CONFIRMED);
    assertThat(outcome(tenPercent, lost(10_000, 1_098))).isEqualTo(Outcome.CONFIRMED);
    assertThat(outcome(tenPercent, lost(10_000, 1_099))).isEqualTo(Outcome.MISMATCH);
    assertThat(outcome(tenPercent, lost(10_000, 900))).isEqualTo(Outcome.MISMATCH);
    Verdict few = Verdict.of(tenPercent, List.of(lost(50, 6)));
    assertThat(few.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(few.message()).contains("too few packets, 100 are needed");
  }

  @Test
  void shouldAddUpAllLinks() {
    FaultSpec tenPercent = spec(new PacketEffect.RandomLoss(0.1, 0));

    assertThat(Verdict.of(tenPercent, List.of(lost(60, 4), lost(60, 8))).outcome())
        .isEqualTo(Outcome.CONFIRMED);
  }

  @Test
  void shouldBeExactWhereNothingIsLeftToChance() {
    FaultSpec all = spec(new PacketEffect.RandomLoss(1, 0));

    assertThat(outcome(all, lost(20, 20))).isEqualTo(Outcome.CONFIRMED);
    assertThat(outcome(all, lost(20, 19))).isEqualTo(Outcome.MISMATCH);
  }

  /** Of honest losses hardly any is judged a mismatch: the clustering is in the variance. */
  @Test
  void shouldNotAccuseHonestModels() {
    Random random = new Random(42);
    List<PacketEffect> models =
        List.of(
            new PacketEffect.RandomLoss(0.1, 0.5),
            new PacketEffect.GilbertElliottLoss(0.02, 0.2, 0.9, 0.01),
            new PacketEffect.StateLoss(0.02, 0.3, 0.2, 0.4, 0.01));
    for (PacketEffect model : models) {
      int mismatches = 0;
      for (int run = 0; run < 200; run++) {
        int hits = simulate(model, 20_000, random);
        if (outcome(spec(model), lost(20_000, hits)) == Outcome.MISMATCH) {
          mismatches++;
        }
      }
      assertThat(mismatches).as(model.toString()).isLessThanOrEqualTo(2);
      int wrong = (int) (simulate(model, 20_000, random) * 1.5);
      assertThat(outcome(spec(model), lost(20_000, wrong))).isEqualTo(Outcome.MISMATCH);
    }
  }

  private static int simulate(PacketEffect model, int packets, Random random) {
    int hits = 0;
    int state = 1;
    boolean last = false;
    for (int i = 0; i < packets; i++) {
      if (model instanceof PacketEffect.RandomLoss loss) {
        if (i == 0 || random.nextDouble() >= loss.correlation()) {
          last = random.nextDouble() < loss.probability();
        }
      } else if (model instanceof PacketEffect.GilbertElliottLoss loss) {
        double draw = random.nextDouble();
        state = state == 1 ? (draw < loss.p() ? 2 : 1) : (draw < loss.r() ? 1 : 2);
        last = random.nextDouble() < (state == 2 ? loss.lossInBad() : loss.lossInGood());
      } else if (model instanceof PacketEffect.StateLoss loss) {
        double draw = random.nextDouble();
        state =
            switch (state) {
              case 1 -> draw < loss.p13() ? 3 : draw < loss.p13() + loss.p14() ? 4 : 1;
              case 2 -> draw < loss.p23() ? 3 : 2;
              case 3 -> draw < loss.p31() ? 1 : draw < loss.p31() + loss.p32() ? 2 : 3;
              default -> 1;
            };
        last = state >= 3;
      }
      hits += last ? 1 : 0;
    }
    return hits;
  }

  @Test
  void shouldKnowTheStationaryLoss() {
    assertThat(
            LossChain.of(new PacketEffect.GilbertElliottLoss(0.01, 0.09, 1, 0))
                .orElseThrow()
                .share())
        .isCloseTo(0.1, within(1e-9));
    assertThat(LossChain.of(new PacketEffect.StateLoss(0.1, 0.9, 0, 1, 0)).orElseThrow().share())
        .isCloseTo(0.1, within(1e-9));
    assertThat(LossChain.of(new PacketEffect.RandomLoss(0.3, 0.5)).orElseThrow().inflation())
        .isCloseTo(3, within(1e-6));
    assertThat(LossChain.of(new PacketEffect.GilbertElliottLoss(0, 0, 1, 0)).orElseThrow().share())
        .isZero();
  }

  @Test
  void shouldCountMarksAsLosses() {
    FaultSpec spec = spec(new PacketEffect.RandomLoss(0.5, 0), new PacketEffect.EcnMarking());

    assertThat(
            outcome(
                spec,
                receipt(1000, 1000, Map.of(Affected.MARKED, 480L, Affected.LOST, 20L), 0, 0, 0)))
        .isEqualTo(Outcome.CONFIRMED);
  }

  @Test
  void shouldCountByNumber() {
    FaultSpec nth = spec(new PacketEffect.NthLoss(10, 3));

    assertThat(outcome(nth, lost(104, 11))).isEqualTo(Outcome.CONFIRMED);
    assertThat(outcome(nth, lost(104, 14))).isEqualTo(Outcome.MISMATCH);
  }

  @Test
  void shouldJudgeADelayByItsMean() {
    FaultSpec delay =
        spec(
            new PacketEffect.Delay(
                Duration.ofMillis(100), Duration.ZERO, 0, PacketEffect.Distribution.UNIFORM));

    assertThat(outcome(delay, delayed(1000, 100 * MS, 100 * MS + 200_000, MS)))
        .isEqualTo(Outcome.CONFIRMED);
    assertThat(outcome(delay, delayed(1000, 100 * MS, 99 * MS, MS))).isEqualTo(Outcome.MISMATCH);
    assertThat(outcome(delay, delayed(1000, 100 * MS, 103 * MS, MS))).isEqualTo(Outcome.MISMATCH);
    assertThat(outcome(delay, delayed(1000, 80 * MS, 80 * MS, MS))).isEqualTo(Outcome.MISMATCH);
    assertThat(outcome(delay, delayed(5, 100 * MS, 100 * MS, MS))).isEqualTo(Outcome.INCONCLUSIVE);
    Verdict overloaded = Verdict.of(delay, List.of(delayed(1000, 100 * MS, 102 * MS, 5 * MS)));
    assertThat(overloaded.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(overloaded.message()).contains("the host was overloaded");
  }

  @Test
  void shouldJudgeARateWhereItIsUsedUp() {
    FaultSpec rate = spec(new PacketEffect.Rate(8_000_000, 0, 0, 0));

    assertThat(outcome(rate, rate(1000, 1_000_000, 1_000_000, 1000))).isEqualTo(Outcome.CONFIRMED);
    Verdict idle = Verdict.of(rate, List.of(rate(1000, 1_000_000, 1_000_000, 2000)));
    assertThat(idle.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(idle.message()).contains("the load stayed below the rate");
    assertThat(outcome(rate, rate(1000, 1_000_000, 1_000_000, 900))).isEqualTo(Outcome.MISMATCH);
    assertThat(outcome(rate, rate(1000, 2_000_000, 1_000_000, 1100))).isEqualTo(Outcome.MISMATCH);
  }

  @Test
  void shouldTellAPartitionThatLeaks() {
    FaultSpec cut = spec(new PacketEffect.Blackhole());

    assertThat(outcome(cut, receipt(5, 0, Map.of(Affected.BLOCKED, 5L), 0, 0, 0)))
        .isEqualTo(Outcome.CONFIRMED);
    assertThat(outcome(cut, receipt(5, 1, Map.of(Affected.BLOCKED, 4L), 0, 0, 0)))
        .isEqualTo(Outcome.MISMATCH);
  }

  /** By the keys that nodes count under. */
  @Test
  void shouldConfirmWhatHappenedToConnections() {
    Map<Toxic.Type, String> keys =
        Map.of(
            new Toxic.Latency(Duration.ofMillis(5), Duration.ZERO), "delayed",
            new Toxic.Bandwidth(100), "paced",
            new Toxic.SlowClose(Duration.ofMillis(5)), "slowClosed",
            new Toxic.Timeout(Duration.ZERO), "stopped",
            new Toxic.ResetPeer(Duration.ZERO), "reset",
            new Toxic.Slicer(10, 0, Duration.ZERO), "sliced",
            new Toxic.LimitData(10), "limited",
            new Toxic.Down(), "refused");
    keys.forEach((type, key) -> {
      FaultSpec spec = spec(new Toxic(type, Toxic.Side.UPSTREAM, 1));

      assertThat(outcome(spec, receipt(2, 2, Map.of(key, 2L), 0, 0, 0)))
          .as("%s", type)
          .isEqualTo(Outcome.CONFIRMED);
      Verdict idle = Verdict.of(spec, List.of(receipt(2, 2, Map.of(), 0, 0, 0)));
      assertThat(idle.outcome()).as("%s", type).isEqualTo(Outcome.INCONCLUSIVE);
      assertThat(idle.message()).contains("no connection has come as far as that");
    });
  }

  @Test
  void shouldConfirmWhatEndedConnectionsThatWereThere() {
    Map<Toxic.Type, String> keys =
        Map.of(new Toxic.Down(), "reset", new Toxic.Timeout(Duration.ofSeconds(1)), "timedOut");
    keys.forEach((type, key) ->
        assertThat(
                outcome(
                    spec(new Toxic(type, Toxic.Side.UPSTREAM, 1)),
                    receipt(1, 1, Map.of(key, 1L), 0, 0, 0)))
            .as("%s", type)
            .isEqualTo(Outcome.CONFIRMED));
  }

  @Test
  void shouldJudgeAToxicityByTheShareOfConnectionsRefused() {
    FaultSpec half = spec(new Toxic(new Toxic.Down(), Toxic.Side.DOWNSTREAM, 0.5));

    assertThat(outcome(half, receipt(100, 100, Map.of("refused", 48L), 0, 0, 0)))
        .isEqualTo(Outcome.CONFIRMED);
    assertThat(outcome(half, receipt(100, 100, Map.of("refused", 80L), 0, 0, 0)))
        .isEqualTo(Outcome.MISMATCH);
  }

  @Test
  void shouldTellWhatCouldNotBeDone() {
    LinkReceipt broken =
        new LinkReceipt(
            "Pod default/web",
            Direction.EGRESS,
            false,
            "no such Pod here",
            0,
            0,
            0,
            0,
            Map.of(),
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0);

    Verdict verdict = Verdict.of(spec(new PacketEffect.Blackhole()), List.of(broken));

    assertThat(verdict.outcome()).isEqualTo(Outcome.MISMATCH);
    assertThat(verdict.message()).contains("Pod default/web: no such Pod here");
  }

  @Test
  void shouldGiveWilsonsInterval() {
    Proportion seen = new Proportion(10, 100, 1);

    assertThat(seen.low()).isCloseTo(0.0374, within(5e-4));
    assertThat(seen.high()).isCloseTo(0.2406, within(5e-4));
    assertThat(new Proportion(0, 100, 1).low()).isZero();
  }

  private static Outcome outcome(FaultSpec spec, LinkReceipt receipt) {
    return Verdict.of(spec, List.of(receipt)).outcome();
  }

  private static FaultSpec spec(PacketEffect... effects) {
    return new FaultSpec(1, List.of(effects), List.of(), null, null, null);
  }

  private static FaultSpec spec(Toxic toxic) {
    return new FaultSpec(1, List.of(), List.of(toxic), null, null, null);
  }

  private static LinkReceipt lost(long matched, long lost) {
    return receipt(matched, matched - lost, Map.of(Affected.LOST, lost), 0, 0, 0);
  }

  private static LinkReceipt delayed(long packets, long requested, long achieved, long lateness) {
    return receipt(
        packets, packets, Map.of(Affected.DELAYED, packets), requested, achieved, lateness);
  }

  private static LinkReceipt rate(long packets, long offered, long passed, long millis) {
    return new LinkReceipt(
        "Pod default/web",
        Direction.EGRESS,
        false,
        "",
        packets,
        offered,
        packets,
        passed,
        Map.of(),
        0,
        0,
        0,
        0,
        0,
        millis * MS,
        packets,
        0);
  }

  private static LinkReceipt receipt(
      long matched,
      long passed,
      Map<String, Long> affected,
      long requested,
      long achieved,
      long lateness) {
    return new LinkReceipt(
        "Pod default/web",
        Direction.EGRESS,
        false,
        "",
        matched,
        matched * 100,
        passed,
        passed * 100,
        affected,
        requested,
        achieved,
        achieved,
        achieved,
        lateness,
        0,
        matched,
        1);
  }
}
