package io.podwire.netstack.impair.stream;

/**
 * What is done to one stream of TCP connections.
 *
 * @param side whose stream
 * @param toxicity the share of connections, from 0 to 1
 */
public record Toxic(Type type, Side side, double toxicity) {

  public Toxic {
    if (!(toxicity >= 0 && toxicity <= 1)) {
      throw new IllegalArgumentException("a toxicity is 0-1, got " + toxicity);
    }
  }

  /** Which stream of a connection. */
  public enum Side {
    /** From the client, which opened the connection, to the server. */
    UPSTREAM,
    /** From the server to the client. */
    DOWNSTREAM;

    Side other() {
      return this == UPSTREAM ? DOWNSTREAM : UPSTREAM;
    }
  }

  /** The toxics, in the terms of Toxiproxy; times in nanoseconds. */
  public sealed interface Type {}

  /** Data comes later by the latency, give or take the jitter. */
  public record Latency(long latencyNanos, long jitterNanos) implements Type {}

  /** Data comes at this rate, in units of 1000 octets; at 0 none does. */
  public record Bandwidth(long kilobytesPerSecond) implements Type {}

  /** The stream's end comes later. */
  public record SlowClose(long delayNanos) implements Type {}

  /** No data comes; after the time the connection is reset, never where it is 0. */
  public record Timeout(long timeoutNanos) implements Type {}

  /** The connection is reset after the time. */
  public record ResetPeer(long timeoutNanos) implements Type {}

  /** Data comes in segments of about this size, apart by the delay. */
  public record Slicer(int averageSize, int sizeVariation, long delayNanos) implements Type {
    public Slicer {
      if (averageSize < 1 || sizeVariation < 0 || sizeVariation >= averageSize) {
        throw new IllegalArgumentException(
            "slices of " + averageSize + " give or take " + sizeVariation + " octets");
      }
    }
  }

  /** The connection is closed after so many octets of the stream. */
  public record LimitData(long bytes) implements Type {}

  /** Connections are reset, and new ones refused. */
  public record Down() implements Type {}
}
