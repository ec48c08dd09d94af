package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.model.Draws;

/**
 * Both ends of a connection, seen from the link's own end; the same for both directions.
 *
 * <p>One is set anew for each look into the table; those in the table do not change.
 */
final class Tuple {
  private final long seed;
  long localHigh;
  long localLow;
  int localPort;
  long peerHigh;
  long peerLow;
  int peerPort;

  Tuple(long seed) {
    this.seed = seed;
  }

  void set(SegmentView segment, Direction direction) {
    boolean out = direction == Direction.EGRESS;
    localHigh = out ? segment.sourceHigh : segment.destinationHigh;
    localLow = out ? segment.sourceLow : segment.destinationLow;
    localPort = out ? segment.sourcePort : segment.destinationPort;
    peerHigh = out ? segment.destinationHigh : segment.sourceHigh;
    peerLow = out ? segment.destinationLow : segment.sourceLow;
    peerPort = out ? segment.destinationPort : segment.sourcePort;
  }

  Tuple copy() {
    Tuple copy = new Tuple(seed);
    copy.localHigh = localHigh;
    copy.localLow = localLow;
    copy.localPort = localPort;
    copy.peerHigh = peerHigh;
    copy.peerLow = peerLow;
    copy.peerPort = peerPort;
    return copy;
  }

  @Override
  public int hashCode() {
    long mixed = Draws.mix(seed ^ localHigh) ^ localLow;
    mixed = Draws.mix(mixed) ^ peerHigh;
    mixed = Draws.mix(mixed) ^ peerLow;
    return (int) Draws.mix(mixed ^ ((long) localPort << 16 | peerPort));
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Tuple other
        && localLow == other.localLow
        && peerLow == other.peerLow
        && localHigh == other.localHigh
        && peerHigh == other.peerHigh
        && localPort == other.localPort
        && peerPort == other.peerPort;
  }
}
