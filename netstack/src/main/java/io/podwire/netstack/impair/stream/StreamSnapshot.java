package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.TimeSummary;
import java.util.Map;

/**
 * What a fault had done to streams at one moment. Immutable and thread-safe.
 *
 * @param connections that the fault was for
 * @param matchedBytes octets of the frames of the sides that toxics are on
 * @param affected by cause: {@code delayed}, {@code paced}, {@code sliced}, {@code stopped}, {@code
 *     overflowed} are segments, {@code slowClosed}, {@code timedOut}, {@code reset}, {@code
 *     limited}, {@code refused} connections
 * @param requested times that segments were to be held
 * @param achieved times that they were
 * @param lateness achieved less requested
 * @param decisions one for each toxic and connection
 * @param decisionHash over them, whatever the order in which they were taken
 */
public record StreamSnapshot(
    long connections,
    long matchedBytes,
    Map<String, Long> affected,
    TimeSummary requested,
    TimeSummary achieved,
    TimeSummary lateness,
    long decisions,
    long decisionHash) {
  public StreamSnapshot {
    affected = Map.copyOf(affected);
  }
}
