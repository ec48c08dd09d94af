package io.podwire.netstack.impair.stream;

import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the two streams of a connection: what is known of its sender and what is held of it.
 *
 * <p>Sequence numbers are compared modulo 2^32 (RFC 9293, section 3.4).
 */
final class HalfStream {
  final Toxic.Side side;
  final List<ConnectionToxic> toxics = new ArrayList<>(0);

  /** What the sender acknowledges: the other stream's next octet, as its receiver has it. */
  boolean acknowledges;

  int acknowledged;

  /** Where the stream begins, and how far it has gone on to its receiver. */
  boolean isKnown;

  int first;
  int passed;

  /** Octets from the first one to the furthest that was sent. */
  private long reached;

  /** Whether its sender has written its end. */
  boolean isEnded;

  int held;
  int heldFrom;
  int heldTo;
  long lastDue = Long.MIN_VALUE;

  /** What its receiver got an end after, though its sender did not write it. */
  boolean isCut;

  int cut;
  boolean isSenderReset;

  HalfStream(Toxic.Side side) {
    this.side = side;
  }

  static boolean isBefore(int one, int other) {
    return one - other < 0;
  }

  /** The first of its toxics that is of this type. */
  @Nullable ConnectionToxic toxic(Class<? extends Toxic.Type> type) {
    for (ConnectionToxic each : toxics) {
      if (type.isInstance(each.toxic.type())) {
        return each;
      }
    }
    return null;
  }

  void learn(SegmentView segment) {
    if (!isKnown) {
      isKnown = true;
      first = segment.has(TcpFlags.SYN) ? segment.sequence + 1 : segment.sequence;
      passed = first;
    }
    if (segment.isOrdered()) {
      isEnded |= segment.has(TcpFlags.FIN);
      reached = Math.max(reached, position(segment.sequence) + segment.payload);
    }
    if (segment.has(TcpFlags.ACK)
        && (!acknowledges || isBefore(acknowledged, segment.acknowledgment))) {
      acknowledges = true;
      acknowledged = segment.acknowledgment;
    }
  }

  /** Octets from the first one to a sequence number, however many have gone by. */
  long position(int sequence) {
    return reached + (sequence - (first + (int) reached));
  }

  void pass(int end) {
    if (isBefore(passed, end)) {
      passed = end;
    }
  }

  /** Whether a segment is among those that are held already, so that it is sent again too soon. */
  boolean holds(SegmentView segment) {
    return held > 0
        && !isBefore(segment.sequence, heldFrom)
        && !isBefore(heldTo, segment.sequenceEnd());
  }
}
