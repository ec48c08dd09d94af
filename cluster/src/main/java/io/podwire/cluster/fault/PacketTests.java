package io.podwire.cluster.fault;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tests of what was done to packets. Counts are judged over all links together; what one link does
 * alone, such as a rate, on each.
 *
 * <p>Duplicates are made first and are packets like others from then on; then come losses, then
 * corruption and the rest on what is left, as in netem. Not thread-safe.
 */
final class PacketTests {

  /** Later than this, for one packet in a hundred, the host is to blame and not the fault. */
  static final Duration MOST_LATENESS = Duration.ofMillis(3);

  private static final long MEAN_ERROR = Duration.ofNanos(500_000).toNanos();
  private static final long CLOCK_ERROR = Duration.ofNanos(1_000).toNanos();
  private static final int FEWEST_DELAYED = 30;
  private static final double HEAVY_TAIL = 2;

  private final FaultSpec spec;
  private final List<LinkReceipt> receipts;
  private final LinkReceipt total;
  private final long arrived;

  PacketTests(FaultSpec spec, List<LinkReceipt> receipts) {
    this.spec = spec;
    this.receipts = List.copyOf(receipts);
    this.total = receipts.isEmpty() ? NOTHING : ReceiptTotal.of(receipts);
    this.arrived = total.matched() - count(Affected.BLOCKED) - count(Affected.TOO_LARGE);
  }

  private static final LinkReceipt NOTHING =
      new LinkReceipt(
          "", FaultLink.Direction.EGRESS, false, "", 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0, 0);

  void addTo(List<Verdict> findings) {
    if (total.matched() == 0) {
      findings.add(Verdict.inconclusive("no packet matched"));
      return;
    }
    Optional<PacketEffect> cut = spec.packets().stream().filter(PacketTests::cuts).findFirst();
    if (cut.isPresent()) {
      // Whatever else is asked for, no packet can show it.
      findings.add(cut(cut.get()));
      return;
    }
    for (PacketEffect effect : spec.packets()) {
      Verdict finding = test(effect);
      if (finding != null) {
        findings.add(finding);
      }
    }
  }

  private static boolean cuts(PacketEffect effect) {
    return effect instanceof PacketEffect.Blackhole
        || effect instanceof PacketEffect.InterfaceDown
        || effect instanceof PacketEffect.Hold;
  }

  private Verdict cut(PacketEffect effect) {
    if (effect instanceof PacketEffect.Hold && total.ended()) {
      String figures = "hold: " + count(Affected.HELD) + " of " + total.matched() + " packets held";
      return count(Affected.HELD) > 0 ? Verdict.confirmed(figures) : Verdict.mismatch(figures);
    }
    String what =
        effect instanceof PacketEffect.Hold
            ? "hold"
            : effect instanceof PacketEffect.Blackhole ? "partition" : "interface down";
    String figures =
        what + ": " + total.passed() + " of " + total.matched() + " packets passed, 0 may";
    return total.passed() == 0 ? Verdict.confirmed(figures) : Verdict.mismatch(figures);
  }

  private @Nullable Verdict test(PacketEffect effect) {
    Optional<LossChain> chain = LossChain.of(effect);
    if (chain.isPresent()) {
      return loss(effect, chain.get());
    }
    if (effect instanceof PacketEffect.NthLoss nth) {
      return nth(nth);
    }
    if (effect instanceof PacketEffect.Duplication duplication) {
      return draw(
          "duplicated",
          Affected.DUPLICATED,
          arrived,
          duplication.probability(),
          duplication.correlation());
    }
    if (effect instanceof PacketEffect.Corruption corruption) {
      return draw(
          "corrupted",
          Affected.CORRUPTED,
          survived(),
          corruption.probability(),
          corruption.correlation());
    }
    if (effect instanceof PacketEffect.Reordering reordering) {
      return reordering(reordering);
    }
    if (effect instanceof PacketEffect.Delay delay) {
      return delay(delay);
    }
    if (effect instanceof PacketEffect.Rate || effect instanceof PacketEffect.TokenBucket) {
      return rates(effect);
    }
    if (effect instanceof PacketEffect.MtuBlackhole mtu) {
      String figures =
          "MTU blackhole: " + count(Affected.TOO_LARGE) + " packets above " + mtu.mtu() + " lost";
      return count(Affected.TOO_LARGE) > 0
          ? Verdict.confirmed(figures)
          : Verdict.inconclusive(figures + "; none was as large");
    }
    if (effect instanceof PacketEffect.Flap) {
      String figures =
          "flap: " + count(Affected.BLOCKED) + " packets lost, " + total.passed() + " passed";
      return count(Affected.BLOCKED) > 0 && total.passed() > 0
          ? Verdict.confirmed(figures)
          : Verdict.inconclusive(figures + "; only one phase met packets");
    }
    if (effect instanceof PacketEffect.Slot) {
      String figures = "slot: " + count(Affected.DELAYED) + " packets waited";
      return count(Affected.DELAYED) > 0
          ? Verdict.confirmed(figures)
          : Verdict.inconclusive(figures);
    }
    return null;
  }

  /** Losses and the marks in place of them. */
  private Verdict loss(PacketEffect effect, LossChain chain) {
    long hits = count(Affected.LOST) + count(Affected.MARKED);
    long trials = arrived + count(Affected.DUPLICATED);
    String what =
        effect instanceof PacketEffect.RandomLoss
            ? "loss"
            : effect instanceof PacketEffect.StateLoss
                ? "loss (4-state, stationary)"
                : "loss (Gilbert-Elliott, stationary)";
    return Verdict.share(
        what, "packets", new Proportion(hits, trials, chain.inflation()), chain.share());
  }

  /** Exact but for the packets around an agent's restart. */
  private Verdict nth(PacketEffect.NthLoss nth) {
    long expected = 0;
    for (LinkReceipt receipt : receipts) {
      long seen = receipt.matched() + receipt.affected().getOrDefault(Affected.DUPLICATED, 0L);
      expected += seen / nth.every() + (seen % nth.every() > nth.packet() ? 1 : 0);
    }
    long hits = count(Affected.LOST) + count(Affected.MARKED);
    String figures = "loss: " + hits + " packets against " + expected + " by count";
    if (total.matched() < nth.every()) {
      return Verdict.inconclusive(figures + ": too few packets, " + nth.every() + " are needed");
    }
    return Math.abs(hits - expected) <= receipts.size()
        ? Verdict.confirmed(figures)
        : Verdict.mismatch(figures);
  }

  /** With a gap, only every so many packets may pass the others. */
  private Verdict reordering(PacketEffect.Reordering reordering) {
    if (reordering.gap() <= 1) {
      return draw(
          "reordered",
          Affected.REORDERED,
          survived(),
          reordering.probability(),
          reordering.correlation());
    }
    long chances = survived() / reordering.gap();
    Proportion seen = new Proportion(count(Affected.REORDERED), Math.max(1, chances), 1);
    String figures = "reordered " + seen.hits() + " of " + survived() + " packets";
    if (chances < seen.needed(reordering.probability())) {
      return Verdict.inconclusive(figures + ": too few packets");
    }
    return seen.hits() > 0 ? Verdict.confirmed(figures) : Verdict.mismatch(figures);
  }

  private Verdict draw(
      String what, String cause, long trials, double probability, double correlation) {
    double inflation = LossChain.correlated(probability, correlation).inflation();
    return Verdict.share(
        what, "packets", new Proportion(count(cause), trials, inflation), probability);
  }

  private long survived() {
    return arrived + count(Affected.DUPLICATED) - count(Affected.LOST);
  }

  private Verdict delay(PacketEffect.Delay delay) {
    String figures =
        String.format(
            Locale.ROOT,
            "delay: mean %s achieved against %s requested, p50 %s, p99 %s, lateness p99 %s, %d"
                + " packets",
            millis(total.achievedDelay()),
            millis(total.requestedDelay()),
            millis(total.achievedDelay50()),
            millis(total.achievedDelay99()),
            millis(total.lateness99()),
            total.passed());
    if (total.passed() < FEWEST_DELAYED) {
      return Verdict.inconclusive(figures + ": too few packets, " + FEWEST_DELAYED + " are needed");
    }
    long error = total.achievedDelay() - total.requestedDelay();
    if (error < -CLOCK_ERROR) {
      return Verdict.mismatch(figures + ": early");
    }
    if (total.lateness99() > MOST_LATENESS.toNanos()) {
      return Verdict.inconclusive(figures + ": the host was overloaded");
    }
    if (error > Math.max(MEAN_ERROR, total.lateness99())) {
      return Verdict.mismatch(figures + ": late");
    }
    return drawn(delay)
        ? Verdict.confirmed(figures)
        : Verdict.mismatch(figures + ": " + asked(delay));
  }

  /** Whether the delays that were drawn are around the one that was asked for. */
  private boolean drawn(PacketEffect.Delay delay) {
    // Of the packets that were held: those that overtake them are not among these.
    double mean = delay.latency().toNanos();
    double jitter = delay.jitter().toNanos();
    double correlated = (1 + delay.correlation()) / Math.max(1e-3, 1 - delay.correlation());
    double spread = Proportion.SIGMAS * jitter * Math.sqrt(correlated / total.passed());
    boolean heavy =
        delay.distribution() == PacketEffect.Distribution.PARETO
            || delay.distribution() == PacketEffect.Distribution.PARETONORMAL;
    double tolerance = MEAN_ERROR + (heavy ? HEAVY_TAIL * spread + jitter / 10 : spread);
    if (total.requestedDelay() < mean - tolerance) {
      return false;
    }
    // A queue adds to the delay, and what would be negative is 0.
    boolean more = queues() || jitter * Proportion.SIGMAS > delay.latency().toNanos();
    return more || total.requestedDelay() <= mean + tolerance;
  }

  private static String asked(PacketEffect.Delay delay) {
    return millis(delay.latency().toNanos()) + " were asked for";
  }

  private boolean queues() {
    return spec.packets().stream()
        .anyMatch(effect ->
            effect instanceof PacketEffect.Rate
                || effect instanceof PacketEffect.TokenBucket
                || effect instanceof PacketEffect.Slot);
  }

  /** The worst of all links. */
  private Verdict rates(PacketEffect effect) {
    Verdict worst = null;
    for (LinkReceipt receipt : receipts) {
      if (receipt.matched() > 0) {
        Verdict one = RateTest.of(effect, receipt);
        if (worst == null || one.outcome().compareTo(worst.outcome()) > 0) {
          worst = one;
        }
      }
    }
    return worst == null ? Verdict.inconclusive("rate: no packet matched") : worst;
  }

  private long count(String cause) {
    return total.affected().getOrDefault(cause, 0L);
  }

  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }
}
