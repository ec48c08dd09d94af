package io.podwire.cluster.fault;

import java.util.List;
import java.util.Locale;

/** Tests of what was done to connections. Stateless. */
final class StreamTests {

  private StreamTests() {}

  static Verdict of(Toxic toxic, FaultSpec spec, List<LinkReceipt> receipts) {
    String name = name(toxic.type());
    long matched = receipts.stream().mapToLong(LinkReceipt::matched).sum();
    long hits = receipts.stream().mapToLong(one -> one.affected().getOrDefault(name, 0L)).sum();
    // Packet effects count packets there; and a toxic acts on a connection that lasts long enough.
    boolean alone = spec.packets().isEmpty() && spec.toxics().size() == 1;
    if (alone && toxic.toxicity() < 1) {
      return Verdict.share(name, "connections", new Proportion(hits, matched, 1), toxic.toxicity());
    }
    String figures = name + " on " + hits + " connections";
    return hits > 0
        ? Verdict.confirmed(figures)
        : Verdict.inconclusive(figures + ": none has come as far as that");
  }

  /** Toxiproxy's name, such as {@code reset_peer}. */
  static String name(Toxic.Type type) {
    return type.getClass()
        .getSimpleName()
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
