package io.podwire.cluster.fault;

/**
 * The keys of {@link LinkReceipt#affected} for packets. Those of stream faults are in {@link
 * StreamTests}, and DNS faults use the names of {@link DnsEffect.Action} in lower case.
 */
public final class Affected {

  /** By a loss model. */
  public static final String LOST = "lost";

  /** By a loss model, with a congestion mark in place of the loss (RFC 3168). */
  public static final String MARKED = "marked";

  public static final String CORRUPTED = "corrupted";
  public static final String DUPLICATED = "duplicated";

  /** Sent ahead of those that are delayed. */
  public static final String REORDERED = "reordered";

  public static final String DELAYED = "delayed";

  /** Lost to a queue that was full. */
  public static final String LIMITED = "limited";

  /** Lost to a partition, a flap or an interface that is down. */
  public static final String BLOCKED = "blocked";

  /** Lost to an MTU blackhole. */
  public static final String TOO_LARGE = "tooLarge";

  /** Kept by a hold. */
  public static final String HELD = "held";

  /** Octets, overheads of the rate included, that left while others waited for the rate. */
  public static final String BUSY_BYTES = "busyBytes";

  /** The nanoseconds that they took. */
  public static final String BUSY_NANOS = "busyNanos";

  private Affected() {}
}
