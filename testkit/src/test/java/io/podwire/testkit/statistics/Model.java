package io.podwire.testkit.statistics;

import java.util.Locale;

/** The streams of the two runs: each has a port, a fault of its own, and a pace. */
enum Model {
  /** Without a fault: what the path itself loses. */
  PATH(""),
  LOSS("loss: {percent: 5%}"),
  /** The same fault as {@link #LOSS} once more. */
  LOSS_AGAIN("loss: {percent: 5%}"),
  /** The same fault as {@link #LOSS} with another seed. */
  LOSS_OTHERWISE("loss: {percent: 5%}"),
  CORRELATED_LOSS("loss: {percent: 10%, correlation: 25%}"),
  /** Nothing is lost in the good state, so that lengths of bursts are independent. */
  GILBERT_ELLIOTT("loss: {gemodel: {p: 2%, r: 15%, lossInBad: 80%}}"),
  FOUR_STATES("loss: {state: {p13: 2%, p31: 25%, p32: 15%, p23: 40%, p14: 0.5%}}"),
  DUPLICATE("duplicate: {percent: 5%}"),
  CORRUPT("corrupt: {percent: 5%}"),
  /** Without a fault: what the path itself takes. */
  TIMED_PATH(""),
  REORDER("delay: {latency: 100ms}, limit: 100000, reorder: {percent: 25%, correlation: 50%}"),
  DELAY("delay: {latency: 20ms}"),
  UNIFORM("delay: {latency: 400ms, jitter: 100ms}, limit: 100000"),
  NORMAL("delay: {latency: 450ms, jitter: 100ms, distribution: normal}, limit: 100000"),
  PARETO("delay: {latency: 400ms, jitter: 100ms, distribution: pareto}, limit: 100000"),
  PARETONORMAL("delay: {latency: 450ms, jitter: 100ms, distribution: paretonormal}, limit: 100000"),
  RATE("rate: {rate: 4500kbit}"),
  TOKEN_BUCKET("bandwidth: {rate: 4500kbit, limit: 200kb, buffer: 10000}"),
  /** Counts for nothing: it has the code compiled and the neighbours found. */
  WARM_UP(
      "delay: {latency: 250ms, jitter: 20ms, distribution: normal}, loss: {percent: 5%},"
          + " duplicate: {percent: 5%}, corrupt: {percent: 5%}, limit: 100000");

  /** What the shaped streams are to be held to. */
  static final double RATE_BITS = 4.5e6;

  private static final int FIRST_PORT = 9000;
  private static final int FIRST_SEED = 4000;
  private static final int SMALL = 64;
  private static final int SHAPED = 120;

  private final String effects;

  Model(String effects) {
    this.effects = effects;
  }

  int port() {
    return FIRST_PORT + ordinal();
  }

  String fault() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Whether it damages packets, which may then have another stream's port or be a fragment, whose
   * port nobody knows: behind it on the link, other streams' faults would see them.
   */
  boolean mayLookLikeAnother() {
    return this == CORRUPT || this == WARM_UP;
  }

  /** What is judged by when it arrives runs apart from what is counted: it needs a quieter host. */
  boolean isTimed() {
    return ordinal() >= TIMED_PATH.ordinal() && ordinal() <= PARETONORMAL.ordinal();
  }

  boolean isShaped() {
    return this == RATE || this == TOKEN_BUCKET;
  }

  int payload() {
    return isShaped() ? SHAPED : SMALL;
  }

  boolean hasFault() {
    return !effects.isEmpty();
  }

  /** The fault as a manifest; empty where there is none. */
  String manifest() {
    if (effects.isEmpty()) {
      return "";
    }
    int seed = FIRST_SEED + (this == LOSS_AGAIN ? LOSS : this).ordinal();
    return """
    ---
    apiVersion: podwire.io/v1alpha1
    kind: NetworkFault
    metadata: {name: %s}
    spec: {selector: {labelSelectors: {app: sender}}, protocol: udp, peerPorts: ["%d"],
      seed: %d, duration: 10m, %s}
    """
        .formatted(fault(), port(), seed, effects);
  }
}
