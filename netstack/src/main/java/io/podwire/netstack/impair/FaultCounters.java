package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.LossCause;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a fault has done to the packets of one link and direction.
 *
 * <p>Not thread-safe; confined to the node's event loop. Other threads read a {@link #snapshot}.
 */
public final class FaultCounters {

  private static final LossCause[] CAUSES = LossCause.values();

  private final long[] lost = new long[CAUSES.length];
  private final TimeDistribution requested = new TimeDistribution();
  private final TimeDistribution achieved = new TimeDistribution();
  private final TimeDistribution lateness = new TimeDistribution();
  private long matched;
  private long matchedBytes;
  private long passed;
  private long passedBytes;
  private long marked;
  private long corrupted;
  private long duplicated;
  private long reordered;
  private long delayed;
  private long firstRelease;
  private long lastRelease;
  private long firstBytes;
  private boolean lastWasQueued;
  private long busyBytes;
  private long busyNanos;

  void matched(int bytes) {
    matched++;
    matchedBytes += bytes;
  }

  void lost(LossCause cause) {
    lost[cause.ordinal()]++;
  }

  void marked() {
    marked++;
  }

  void corrupted() {
    corrupted++;
  }

  void duplicated() {
    duplicated++;
  }

  void reordered() {
    reordered++;
  }

  /**
   * Counts a packet that leaves the fault.
   *
   * @param charged octets that a rate charges for it
   * @param queued whether a rate sends it right behind another packet
   */
  void passed(int bytes, long charged, long nowNanos, boolean queued) {
    if (passed++ == 0) {
      firstRelease = nowNanos;
      firstBytes = bytes;
    } else if (queued && lastWasQueued) {
      busyBytes += charged;
      busyNanos += nowNanos - lastRelease;
    }
    passedBytes += bytes;
    lastRelease = nowNanos;
    lastWasQueued = queued;
  }

  /** Counts the time that a packet was to be held, and was. */
  void held(long requestedNanos, long achievedNanos) {
    if (requestedNanos > 0) {
      delayed++;
    }
    requested.add(requestedNanos);
    achieved.add(achievedNanos);
    lateness.add(achievedNanos - requestedNanos);
  }

  long matched() {
    return matched;
  }

  long lostPackets() {
    long sum = 0;
    for (long count : lost) {
      sum += count;
    }
    return sum;
  }

  /** What has been counted so far. */
  public FaultSnapshot snapshot() {
    Map<LossCause, Long> causes = new EnumMap<>(LossCause.class);
    for (LossCause cause : CAUSES) {
      if (lost[cause.ordinal()] > 0) {
        causes.put(cause, lost[cause.ordinal()]);
      }
    }
    return new FaultSnapshot(
        matched,
        matchedBytes,
        passed,
        passedBytes,
        causes,
        marked,
        corrupted,
        duplicated,
        reordered,
        delayed,
        requested.summary(),
        achieved.summary(),
        lateness.summary(),
        passed == 0 ? 0 : passedBytes - firstBytes,
        lastRelease - firstRelease,
        busyBytes,
        busyNanos);
  }
}
