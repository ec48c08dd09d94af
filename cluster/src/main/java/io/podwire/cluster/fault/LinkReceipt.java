package io.podwire.cluster.fault;

import java.util.Map;

/**
 * What a fault has done on one direction of one link so far.
 *
 * <p>Times are nanoseconds. What is not measured is 0.
 *
 * @param link {@link FaultLink#name}, or {@code DNS} for the DNS server
 * @param ended whether the fault acts no more there
 * @param error why it could not act; empty where it could
 * @param matched packets, connections or queries that the fault was for
 * @param matchedBytes octets on the link
 * @param passed of these, packets that went on, duplicates included
 * @param passedBytes octets on the link
 * @param affected by cause, such as {@code lost}, {@code delayed}, {@code duplicated}
 * @param requestedDelay mean
 * @param achievedDelay mean from arrival to departure
 * @param lateness99 99th percentile of departure after the time it was meant for
 * @param transferNanos from the first to the last departure
 * @param decisions how many were taken
 * @param decisionHash over all of them, in order
 */
public record LinkReceipt(
    String link,
    FaultLink.Direction direction,
    boolean ended,
    String error,
    long matched,
    long matchedBytes,
    long passed,
    long passedBytes,
    Map<String, Long> affected,
    long requestedDelay,
    long achievedDelay,
    long achievedDelay50,
    long achievedDelay99,
    long lateness99,
    long transferNanos,
    long decisions,
    long decisionHash) {

  public LinkReceipt {
    affected = Map.copyOf(affected);
  }

  /** A receipt of something that is not about packets, and happened once. */
  public static LinkReceipt once(String link, String what, boolean ended, String error) {
    long happened = error.isEmpty() ? 1 : 0;
    return new LinkReceipt(
        link,
        FaultLink.Direction.INGRESS,
        ended,
        error,
        happened,
        0,
        0,
        0,
        happened == 0 ? Map.of() : Map.of(what, happened),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
  }
}
