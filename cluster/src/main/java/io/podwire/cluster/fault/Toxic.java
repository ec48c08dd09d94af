package io.podwire.cluster.fault;

import java.time.Duration;

/**
 * What is done to the streams of TCP connections, in the terms of Toxiproxy.
 *
 * @param type what happens
 * @param side which stream of the connection
 * @param toxicity the share of connections, from 0 to 1
 */
public record Toxic(Type type, Side side, double toxicity) {

  /** The stream from the client to the server, or the other one. */
  public enum Side {
    UPSTREAM,
    DOWNSTREAM
  }

  /** The toxics. */
  public sealed interface Type {}

  public record Latency(Duration latency, Duration jitter) implements Type {}

  /** In units of 1000 octets. */
  public record Bandwidth(long kilobytesPerSecond) implements Type {}

  /** The connection's end is held back. */
  public record SlowClose(Duration delay) implements Type {}

  /** Nothing passes; after the time the connection is closed, never where it is zero. */
  public record Timeout(Duration timeout) implements Type {}

  /** Reset after the time. */
  public record ResetPeer(Duration timeout) implements Type {}

  /** Segments of about this size, apart by the delay. */
  public record Slicer(int averageSize, int sizeVariation, Duration delay) implements Type {}

  /** Closed after so many octets. */
  public record LimitData(long bytes) implements Type {}

  /** Connections are reset and new ones refused. */
  public record Down() implements Type {}
}
