package io.podwire.netstack.flow;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;

/**
 * What is particular to a cached flow of IPv6: addresses that do not fit into one number, and a hop
 * limit that no checksum covers.
 *
 * <p>Immutable.
 */
final class Ipv6Rewrite {

  private static final long LOW = 0xffff_ffffL;

  private final long sourceHigh;
  private final long sourceLow;
  private final long destinationHigh;
  private final long destinationLow;
  private final IpAddress newSource;
  private final IpAddress newDestination;
  private final boolean translates;
  private final long difference;

  Ipv6Rewrite(FlowHeaders before, FlowHeaders after) {
    sourceHigh = before.sourceHigh;
    sourceLow = before.sourceLow;
    destinationHigh = before.destinationHigh;
    destinationLow = before.destinationLow;
    newSource = new IpAddress(after.sourceHigh, after.sourceLow);
    newDestination = new IpAddress(after.destinationHigh, after.destinationLow);
    translates = !isOf(after);
    difference =
        difference(sourceHigh, after.sourceHigh)
            + difference(sourceLow, after.sourceLow)
            + difference(destinationHigh, after.destinationHigh)
            + difference(destinationLow, after.destinationLow);
  }

  /** What replacing both words adds to a sum (RFC 1624, equation 3); nothing where all stays. */
  private static long difference(long from, long to) {
    return from == to ? 0 : (~from >>> 32) + (~from & LOW) + (to >>> 32) + (to & LOW);
  }

  boolean isOf(FlowHeaders headers) {
    return sourceLow == headers.sourceLow
        && destinationLow == headers.destinationLow
        && sourceHigh == headers.sourceHigh
        && destinationHigh == headers.destinationHigh;
  }

  /** What the new addresses add to the transport's sum. */
  long difference() {
    return difference;
  }

  void rewrite(ByteBuffer buffer, int start, int hops) {
    int at = start + FlowHeaders.HOP_LIMIT;
    buffer.put(at, (byte) (buffer.get(at) - hops));
    if (translates) {
      at = start + FlowHeaders.IPV6_ADDRESSES;
      buffer.putLong(at, newSource.high()).putLong(at + 8, newSource.low());
      buffer.putLong(at + 16, newDestination.high()).putLong(at + 24, newDestination.low());
    }
  }
}
