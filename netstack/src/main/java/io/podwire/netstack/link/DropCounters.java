package io.podwire.netstack.link;

import java.util.EnumMap;
import java.util.Map;

/**
 * How many packets were dropped for which {@link DropReason}.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class DropCounters {

  private static final DropReason[] REASONS = DropReason.values();

  private final long[] counts = new long[REASONS.length];
  private long total;
  private DropReason last = DropReason.TRANSMIT_FAILED;

  public void count(DropReason reason) {
    counts[reason.ordinal()]++;
    total++;
    last = reason;
  }

  /** Why the last packet was dropped; only for whoever has seen {@link #total} grow. */
  public DropReason last() {
    return last;
  }

  public long of(DropReason reason) {
    return counts[reason.ordinal()];
  }

  public long total() {
    return total;
  }

  /** The reasons that occurred. */
  public Map<DropReason, Long> snapshot() {
    Map<DropReason, Long> snapshot = new EnumMap<>(DropReason.class);
    for (DropReason reason : REASONS) {
      if (of(reason) > 0) {
        snapshot.put(reason, of(reason));
      }
    }
    return snapshot;
  }
}
