package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.Direction;
import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A TCP connection over the link. Not thread-safe; confined to the node's event loop. */
final class StreamConnection {
  final Tuple tuple;
  final boolean isIpv4;
  final HalfStream upstream = new HalfStream(Toxic.Side.UPSTREAM);
  final HalfStream downstream = new HalfStream(Toxic.Side.DOWNSTREAM);
  private final boolean isClientLocal;
  private final long localMac;
  private final long gatewayMac;
  long lastSeen;

  /** The faults that it was compared with and that are for it. */
  final List<RunningStreamFault> faults = new ArrayList<>(0);

  /** Both ends have got a reset: whatever they still send is answered by one. */
  boolean isReset;

  /** The handshake is over. */
  boolean isEstablished;

  /** A reset whose time came before the handshake was over. */
  @Nullable ConnectionToxic resetDue;

  StreamConnection(Tuple tuple, SegmentView segment, Direction direction) {
    this.tuple = tuple;
    this.isIpv4 = segment.isIpv4;
    boolean out = direction == Direction.EGRESS;
    this.localMac = out ? segment.sourceMac : segment.destinationMac;
    this.gatewayMac = out ? segment.destinationMac : segment.sourceMac;
    if (segment.has(TcpFlags.SYN)) {
      this.isClientLocal = out == segment.opens();
    } else {
      // Its opening was not seen: servers have the lower port, as a rule.
      this.isClientLocal = tuple.localPort >= tuple.peerPort;
    }
  }

  HalfStream half(Direction direction) {
    return (direction == Direction.EGRESS) == isClientLocal ? upstream : downstream;
  }

  HalfStream other(HalfStream half) {
    return half == upstream ? downstream : upstream;
  }

  boolean isFromLocal(Toxic.Side side) {
    return (side == Toxic.Side.UPSTREAM) == isClientLocal;
  }

  Direction direction(Toxic.Side side) {
    return isFromLocal(side) ? Direction.EGRESS : Direction.INGRESS;
  }

  long senderMac(Toxic.Side side) {
    return isFromLocal(side) ? localMac : gatewayMac;
  }

  long receiverMac(Toxic.Side side) {
    return isFromLocal(side) ? gatewayMac : localMac;
  }

  boolean hasToxics() {
    return !upstream.toxics.isEmpty() || !downstream.toxics.isEmpty();
  }

  int held() {
    return upstream.held + downstream.held;
  }

  /** The sequence number that a stream's receiver takes next, as far as can be known here. */
  int receiverNext(HalfStream half) {
    HalfStream back = other(half);
    if (!half.isKnown) {
      return back.acknowledged;
    }
    return back.acknowledges && HalfStream.isBefore(half.passed, back.acknowledged)
        ? back.acknowledged
        : half.passed;
  }
}
