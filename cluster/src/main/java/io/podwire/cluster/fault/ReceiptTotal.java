package io.podwire.cluster.fault;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Adds receipts up. Stateless and thread-safe. */
public final class ReceiptTotal {

  private static final long HASH_FACTOR = 0x9e3779b97f4a7c15L;

  private ReceiptTotal() {}

  /**
   * One receipt in the place of several: counts are added; delays are means over the packets that
   * passed, of which the 99th percentiles are the worst; the hash depends on the order.
   *
   * @param receipts at least one; the link and direction are the first one's
   */
  public static LinkReceipt of(List<LinkReceipt> receipts) {
    LinkReceipt first = receipts.get(0);
    if (receipts.size() == 1) {
      return first;
    }
    Map<String, Long> affected = new HashMap<>();
    boolean ended = true;
    String error = "";
    long hash = 0;
    for (LinkReceipt receipt : receipts) {
      receipt.affected().forEach((cause, count) -> affected.merge(cause, count, Long::sum));
      ended &= receipt.ended();
      error = error.isEmpty() ? receipt.error() : error;
      hash = hash * HASH_FACTOR + receipt.decisionHash();
    }
    return new LinkReceipt(
        first.link(),
        first.direction(),
        ended,
        error,
        sum(receipts, LinkReceipt::matched),
        sum(receipts, LinkReceipt::matchedBytes),
        sum(receipts, LinkReceipt::passed),
        sum(receipts, LinkReceipt::passedBytes),
        affected,
        mean(receipts, LinkReceipt::requestedDelay),
        mean(receipts, LinkReceipt::achievedDelay),
        mean(receipts, LinkReceipt::achievedDelay50),
        worst(receipts, LinkReceipt::achievedDelay99),
        worst(receipts, LinkReceipt::lateness99),
        sum(receipts, LinkReceipt::transferNanos),
        sum(receipts, LinkReceipt::decisions),
        hash);
  }

  private static long sum(List<LinkReceipt> receipts, ToLongFunction<LinkReceipt> of) {
    return receipts.stream().mapToLong(of).sum();
  }

  private static long worst(List<LinkReceipt> receipts, ToLongFunction<LinkReceipt> of) {
    return receipts.stream().mapToLong(of).max().orElse(0);
  }

  private static long mean(List<LinkReceipt> receipts, ToLongFunction<LinkReceipt> of) {
    double weighted = 0;
    long packets = 0;
    for (LinkReceipt receipt : receipts) {
      weighted += (double) of.applyAsLong(receipt) * receipt.passed();
      packets += receipt.passed();
    }
    return packets == 0 ? 0 : Math.round(weighted / packets);
  }
}
