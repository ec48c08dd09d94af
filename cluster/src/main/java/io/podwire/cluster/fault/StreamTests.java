package io.podwire.cluster.fault;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Tests of what was done to connections. Stateless. */
final class StreamTests {

  /**
   * What a toxic leaves in a receipt.
   *
   * @param key in {@link LinkReceipt#affected}
   * @param unit of its number
   */
  private record Trace(String key, String unit) {}

  private static final Map<Class<? extends Toxic.Type>, Trace> TRACES =
      Map.of(
          Toxic.Latency.class, new Trace("delayed", "segments"),
          Toxic.Bandwidth.class, new Trace("paced", "segments"),
          Toxic.Slicer.class, new Trace("sliced", "segments"),
          // Before its time has come, and where it never comes, nothing passes.
          Toxic.Timeout.class, new Trace("stopped", "segments"),
          Toxic.SlowClose.class, new Trace("slowClosed", "connections"),
          Toxic.ResetPeer.class, new Trace("reset", "connections"),
          Toxic.LimitData.class, new Trace("limited", "connections"),
          Toxic.Down.class, new Trace("refused", "connections"));

  private StreamTests() {}

  static Verdict of(Toxic toxic, FaultSpec spec, List<LinkReceipt> receipts) {
    String name = name(toxic.type());
    long matched = receipts.stream().mapToLong(LinkReceipt::matched).sum();
    Trace trace = Objects.requireNonNull(TRACES.get(toxic.type().getClass()));
    long hits =
        receipts.stream().mapToLong(one -> one.affected().getOrDefault(trace.key(), 0L)).sum();
    // Packet effects count packets; and whether the others come to act is up to the connection.
    boolean alone = spec.packets().isEmpty() && spec.toxics().size() == 1;
    if (alone && toxic.toxicity() < 1 && toxic.type() instanceof Toxic.Down) {
      return Verdict.share(name, "connections", new Proportion(hits, matched, 1), toxic.toxicity());
    }
    String figures = name + " on " + hits + " " + trace.unit();
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
