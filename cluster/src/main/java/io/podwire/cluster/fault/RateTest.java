package io.podwire.cluster.fault;

import java.util.Locale;

/** Whether one link's rate is within 2 % of the one asked for, while it was used up. Stateless. */
final class RateTest {

  private static final double TOLERANCE = 0.02;
  private static final int FEWEST_PACKETS = 100;
  private static final double BIT_NANOS = 8e9;
  private static final double MEGA = 1e6;

  private RateTest() {}

  static Verdict of(PacketEffect effect, LinkReceipt receipt) {
    double rate;
    double buffer = 0;
    double overhead = 0;
    boolean cells = false;
    if (effect instanceof PacketEffect.TokenBucket bucket) {
      rate = bucket.bitsPerSecond();
      buffer = bucket.bufferBytes();
    } else if (effect instanceof PacketEffect.Rate shaped) {
      rate = shaped.bitsPerSecond();
      overhead = shaped.packetOverhead();
      cells = shaped.cellSize() > 0;
    } else {
      throw new IllegalArgumentException(effect + " is no rate");
    }
    long busyNanos = receipt.affected().getOrDefault(Affected.BUSY_NANOS, 0L);
    long busyBytes = receipt.affected().getOrDefault(Affected.BUSY_BYTES, 0L);
    if (receipt.passed() < FEWEST_PACKETS || receipt.transferNanos() == 0) {
      return Verdict.inconclusive(
          "rate on " + place(receipt) + ": too few packets, " + FEWEST_PACKETS + " are needed");
    }
    // The first packet left before the time began.
    double packets = receipt.passed() - 1;
    double bytes = receipt.passedBytes() * packets / receipt.passed() + packets * overhead;
    double most = bits(bytes, receipt.transferNanos());
    double least = bits(Math.max(0, bytes - buffer), receipt.transferNanos());
    boolean busy = busyNanos > 0 && busyBytes > 0;
    if (busy) {
      most = bits(busyBytes, busyNanos);
      least = bits(Math.max(0, busyBytes - buffer), busyNanos);
    }
    String figures =
        String.format(
            Locale.ROOT,
            "rate on %s: %.3f Mbit/s%s against %.3f Mbit/s",
            place(receipt),
            most / MEGA,
            busy ? " while packets waited" : "",
            rate / MEGA);
    if (cells && !busy) {
      return Verdict.inconclusive(figures + ": the cells' overhead was not counted");
    }
    if (receipt.lateness99() > PacketTests.MOST_LATENESS.toNanos()) {
      return Verdict.inconclusive(figures + ": the host was overloaded");
    }
    if (least > rate * (1 + TOLERANCE)) {
      return Verdict.mismatch(figures + ": above it by more than 2 %");
    }
    if (most >= rate * (1 - TOLERANCE)) {
      return Verdict.confirmed(figures + ": within 2 %");
    }
    double offered =
        bits(receipt.matchedBytes() + receipt.matched() * overhead, receipt.transferNanos());
    return busy || offered > rate * (1 + TOLERANCE)
        ? Verdict.mismatch(figures + ": below it by more than 2 %, though there was more to send")
        : Verdict.inconclusive(figures + ": the load stayed below the rate");
  }

  private static double bits(double bytes, long nanos) {
    return bytes * BIT_NANOS / nanos;
  }

  private static String place(LinkReceipt receipt) {
    return receipt.link() + " (" + receipt.direction().name().toLowerCase(Locale.ROOT) + ")";
  }
}
