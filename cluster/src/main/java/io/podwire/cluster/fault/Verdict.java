package io.podwire.cluster.fault;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Whether a fault did what it was asked for, judged by what it has told of itself.
 *
 * @param message the tests with their figures, for people
 */
public record Verdict(Outcome outcome, String message) {

  /** From the best to the worst. */
  public enum Outcome {
    /** Every test passed. */
    CONFIRMED,
    /** Too little to go by, or the host was overloaded. */
    INCONCLUSIVE,
    /** Some figure is not what was asked for. */
    MISMATCH,
    /** Nothing was there for the fault to act on, which is a failure of the experiment. */
    NO_MATCH;

    /** As in {@code status.verdict}: {@code no-match}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Judges a fault by the receipts of all links, one for each link and direction. */
  public static Verdict of(FaultSpec spec, List<LinkReceipt> receipts) {
    List<Verdict> findings = new ArrayList<>();
    for (LinkReceipt receipt : receipts) {
      if (!receipt.error().isEmpty()) {
        findings.add(mismatch(receipt.link() + ": " + receipt.error()));
      }
    }
    long matched = receipts.stream().mapToLong(LinkReceipt::matched).sum();
    if (matched == 0 && findings.isEmpty()) {
      return new Verdict(Outcome.NO_MATCH, "nothing matched: " + whatMatches(spec));
    }
    List<LinkReceipt> onLinks = new ArrayList<>();
    List<LinkReceipt> onDns = new ArrayList<>();
    for (LinkReceipt receipt : receipts) {
      (receipt.link().equals(DNS) ? onDns : onLinks).add(receipt);
    }
    if (!spec.packets().isEmpty()) {
      new PacketTests(spec, onLinks).addTo(findings);
    }
    spec.toxics().forEach(toxic -> findings.add(StreamTests.of(toxic, spec, onLinks)));
    if (spec.dns() != null) {
      findings.add(dns(spec.dns(), onDns));
    }
    if (spec.node() != null || spec.pod() != null) {
      findings.add(confirmed("done " + matched + " times"));
    }
    Outcome worst =
        findings.stream()
            .map(Verdict::outcome)
            .max(Comparator.naturalOrder())
            .orElse(Outcome.INCONCLUSIVE);
    return new Verdict(
        worst, findings.stream().map(Verdict::message).collect(Collectors.joining("; ")));
  }

  /** {@link LinkReceipt#link} of what a DNS server did. */
  public static final String DNS = "DNS";

  private static Verdict dns(DnsEffect effect, List<LinkReceipt> receipts) {
    if (receipts.stream().mapToLong(LinkReceipt::matched).sum() == 0) {
      return inconclusive("no DNS query matched");
    }
    LinkReceipt total = ReceiptTotal.of(receipts);
    long hits = total.affected().values().stream().mapToLong(Long::longValue).sum();
    return share(
        "DNS " + effect.action().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        "queries",
        new Proportion(hits, total.matched(), 1),
        effect.probability());
  }

  /** A two-sided binomial test at {@link Proportion#SIGMAS}. */
  static Verdict share(String what, String unit, Proportion seen, double probability) {
    String figures = what + " " + seen + " " + unit + " against " + Proportion.percent(probability);
    long needed = seen.needed(probability);
    if (seen.trials() < needed) {
      return inconclusive(figures + ": too few " + unit + ", " + needed + " are needed");
    }
    double deviations = seen.deviations(probability);
    String test =
        String.format(Locale.ROOT, ": z = %.2f, two-sided binomial test at 3.29", deviations);
    return Math.abs(deviations) <= Proportion.SIGMAS
        ? confirmed(figures + test)
        : mismatch(figures + test);
  }

  private static String whatMatches(FaultSpec spec) {
    if (spec.dns() != null && spec.packets().isEmpty() && spec.toxics().isEmpty()) {
      return "no DNS query was one that the fault is for";
    }
    if (spec.node() != null || spec.pod() != null) {
      return "no target has reported that it was acted on";
    }
    return spec.packets().isEmpty()
        ? "no connection passed that the fault is for"
        : "no packet passed that the fault is for";
  }

  static Verdict confirmed(String message) {
    return new Verdict(Outcome.CONFIRMED, message);
  }

  static Verdict mismatch(String message) {
    return new Verdict(Outcome.MISMATCH, message);
  }

  static Verdict inconclusive(String message) {
    return new Verdict(Outcome.INCONCLUSIVE, message);
  }
}
