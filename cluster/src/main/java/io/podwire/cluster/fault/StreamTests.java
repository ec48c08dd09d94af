package io.podwire.cluster.fault;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Tests of what was done to connections. Stateless. */
final class StreamTests {

  /** The keys of {@link LinkReceipt#affected} that a toxic's work is counted under. */
  private static final Map<Class<? extends Toxic.Type>, List<String>> KEYS =
      Map.of(
          Toxic.Latency.class, List.of("delayed"),
          Toxic.Bandwidth.class, List.of("paced"),
          Toxic.Slicer.class, List.of("sliced"),
          // Nothing passes until the time has come; a connection that is idle only ends.
          Toxic.Timeout.class, List.of("stopped", "timedOut"),
          Toxic.SlowClose.class, List.of("slowClosed"),
          Toxic.ResetPeer.class, List.of("reset"),
          Toxic.LimitData.class, List.of("limited"),
          // New connections and those that were there.
          Toxic.Down.class, List.of("refused", "reset"));

  private StreamTests() {}

  static Verdict of(Toxic toxic, FaultSpec spec, List<LinkReceipt> receipts) {
    String name = name(toxic.type());
    long matched = receipts.stream().mapToLong(LinkReceipt::matched).sum();
    List<String> keys = Objects.requireNonNull(KEYS.get(toxic.type().getClass()));
    long hits =
        receipts.stream()
            .flatMap(one -> keys.stream().map(key -> one.affected().getOrDefault(key, 0L)))
            .mapToLong(Long::longValue)
            .sum();
    // Packet effects count packets; and whether the others come to act is up to the connection.
    boolean alone = spec.packets().isEmpty() && spec.toxics().size() == 1;
    if (alone && toxic.toxicity() < 1 && toxic.type() instanceof Toxic.Down) {
      return Verdict.share(name, "connections", new Proportion(hits, matched, 1), toxic.toxicity());
    }
    String figures = name + " " + hits + " times";
    return hits > 0
        ? Verdict.confirmed(figures)
        : Verdict.inconclusive(figures + ": no connection has come as far as that");
  }

  /** Toxiproxy's name, such as {@code reset_peer}. */
  static String name(Toxic.Type type) {
    return type.getClass()
        .getSimpleName()
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
