package io.podwire.netstack.impair.model;

/**
 * netem's {@code rate RATE [PACKETOVERHEAD [CELLSIZE [CELLOVERHEAD]]]}: the time that each packet
 * takes on a link which carries one at a time.
 *
 * @param packetOverhead octets added to each packet; negative ones for headers that are compressed
 * @param cellSize octets of payload in a cell, as ATM has them; 0 where packets go whole
 * @param cellOverhead octets added to each cell
 */
public record Rate(long bitsPerSecond, int packetOverhead, int cellSize, int cellOverhead)
    implements Impairment {

  private static final long BIT_NANOS = 8_000_000_000L;

  public Rate {
    Checks.positive("rate", bitsPerSecond);
    Checks.notNegative("cell size", cellSize);
    if (cellOverhead != 0 && cellSize + cellOverhead <= 0) {
      throw new IllegalArgumentException(
          "cell overhead " + cellOverhead + " needs a cell size larger than it, got " + cellSize);
    }
  }

  public Rate(long bitsPerSecond) {
    this(bitsPerSecond, 0, 0, 0);
  }

  /** Octets that a packet of this length is on the link, with its overheads. */
  public long octets(int length) {
    long octets = Math.max(0, (long) length + packetOverhead);
    if (cellSize == 0) {
      return octets;
    }
    return (octets + cellSize - 1) / cellSize * (cellSize + cellOverhead);
  }

  public long nanos(int length) {
    return octets(length) * BIT_NANOS / bitsPerSecond;
  }
}
