package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.TcpFlags;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What the toxics of a connection do to its segments, in their order; what takes time is {@link
 * SegmentSchedule}'s.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class StreamToxics {

  private final BiConsumer<Direction, Frame> output;
  private final SegmentWriter writer = new SegmentWriter();
  private final SegmentView view = new SegmentView();
  private final SegmentSchedule schedule;

  StreamToxics(BiConsumer<Direction, Frame> output) {
    this.output = output;
    schedule = new SegmentSchedule(writer, output, this::expire);
  }

  /** Where what takes time waits for it. */
  SegmentSchedule schedule() {
    return schedule;
  }

  /** Whether a connection has a toxic of a fault that is no more. */
  boolean isStale(StreamConnection connection, List<RunningStreamFault> faults) {
    return stale(connection.upstream, faults) || stale(connection.downstream, faults);
  }

  private static boolean stale(HalfStream half, List<RunningStreamFault> faults) {
    return half.toxics.stream().anyMatch(each -> !faults.contains(each.owner));
  }

  /** Gives a connection the toxics of the faults that are for it; it keeps those that it has. */
  void fit(StreamConnection connection, List<RunningStreamFault> faults, long now) {
    connection.faults.retainAll(faults);
    connection.upstream.toxics.removeIf(each -> !faults.contains(each.owner));
    connection.downstream.toxics.removeIf(each -> !faults.contains(each.owner));
    for (RunningStreamFault fault : faults) {
      if (connection.faults.contains(fault) || !fault.concerns(connection.tuple)) {
        continue;
      }
      connection.faults.add(fault);
      long number = fault.nextConnection();
      List<Toxic> all = fault.fault().toxics();
      for (int i = 0; i < all.size(); i++) {
        if (fault.hits(i, number)) {
          attach(connection, new ConnectionToxic(fault, all.get(i), i, number), now);
        }
      }
    }
  }

  private void attach(StreamConnection connection, ConnectionToxic toxic, long now) {
    HalfStream half =
        toxic.toxic.side() == Toxic.Side.UPSTREAM ? connection.upstream : connection.downstream;
    half.toxics.add(toxic);
    long after =
        switch (toxic.toxic.type()) {
          case Toxic.Timeout timeout when timeout.timeoutNanos() > 0 -> timeout.timeoutNanos();
          case Toxic.Down down -> 0;
          default -> -1;
        };
    if (after >= 0) {
      schedule.await(after, connection, half, toxic, now);
    }
  }

  /** Takes a segment of one of a connection's streams; its frame is only lent. */
  void accept(
      StreamConnection connection, HalfStream half, SegmentView segment, Frame frame, long now) {
    HalfStream back = connection.other(half);
    half.learn(segment);
    half.toxics.forEach(each -> each.owner.matched(frame.length()));
    if (connection.isReset || half.isSenderReset) {
      refuse(connection, half, segment);
      return;
    }
    if (segment.opens() && isDown(connection)) {
      refuse(connection, half, segment);
      connection.isReset = true;
      count(connection, Toxic.Down.class, Effect.REFUSED);
      return;
    }
    frame.completeChecksum();
    if (back.isCut) {
      afterCut(connection, half, segment, frame, now);
    } else {
      limited(connection, half, segment, frame, now);
    }
    ConnectionToxic due = connection.resetDue;
    if (due != null && connection.isEstablished && !connection.isReset) {
      resetBoth(connection, due);
    }
  }

  private static boolean isDown(StreamConnection connection) {
    return connection.upstream.toxics.stream().anyMatch(StreamToxics::isDown)
        || connection.downstream.toxics.stream().anyMatch(StreamToxics::isDown);
  }

  private static boolean isDown(ConnectionToxic each) {
    return each.toxic.type() instanceof Toxic.Down;
  }

  private static void count(
      StreamConnection connection, Class<? extends Toxic.Type> type, Effect effect) {
    for (HalfStream half : List.of(connection.upstream, connection.downstream)) {
      half.toxics.stream()
          .filter(each -> type.isInstance(each.toxic.type()))
          .forEach(each -> each.countOnce(effect));
    }
  }

  /** Answers as an end that knows of no connection does (RFC 9293, section 3.10.7.1). */
  private void refuse(StreamConnection connection, HalfStream half, SegmentView segment) {
    if (segment.has(TcpFlags.RST)) {
      return;
    }
    Toxic.Side answer = half.side.other();
    Frame reset =
        segment.has(TcpFlags.ACK)
            ? writer.reset(connection, answer, segment.acknowledgment, 0, TcpFlags.RST)
            : writer.reset(
                connection, answer, 0, segment.sequenceEnd(), TcpFlags.RST | TcpFlags.ACK);
    output.accept(connection.direction(answer), reset);
  }

  /** The other stream has got an end that its sender, this one's receiver, did not write. */
  private void afterCut(
      StreamConnection connection, HalfStream half, SegmentView segment, Frame frame, long now) {
    HalfStream back = connection.other(half);
    if (back.isSenderReset) {
      if (segment.isOrdered()) {
        refuse(connection, half, segment);
      }
      return;
    }
    boolean beyond =
        segment.has(TcpFlags.ACK)
            && !back.isEnded
            && HalfStream.isBefore(back.cut, segment.acknowledgment);
    if (!beyond) {
      limited(connection, half, segment, frame, now);
      return;
    }
    // The end's own number is nothing that the sender knows of.
    Frame hidden = writer.acknowledging(segment, frame, back.cut);
    if (view.read(hidden)) {
      limited(connection, half, view, hidden, now);
    }
  }

  private void limited(
      StreamConnection connection, HalfStream half, SegmentView segment, Frame frame, long now) {
    ConnectionToxic toxic = half.toxic(Toxic.LimitData.class);
    if (toxic == null || !segment.isOrdered() || segment.payload == 0) {
      stopped(connection, half, segment, frame, now);
      return;
    }
    long limit = ((Toxic.LimitData) toxic.toxic.type()).bytes();
    long from = half.position(segment.sequence);
    long end = from + segment.payload;
    if (end < limit) {
      stopped(connection, half, segment, frame, now);
      return;
    }
    half.isCut = true;
    half.cut = half.first + (int) limit;
    toxic.countOnce(Effect.LIMITED);
    if (from <= limit) {
      int flags = segment.flags | TcpFlags.FIN | TcpFlags.PSH;
      Frame last = writer.part(segment, frame, 0, (int) (limit - from), flags, 0);
      if (end > limit) {
        half.isSenderReset = true;
        refuse(connection, half, segment);
      }
      if (view.read(last)) {
        stopped(connection, half, view, last, now);
      }
    } else {
      half.isSenderReset = true;
      refuse(connection, half, segment);
    }
  }

  private void stopped(
      StreamConnection connection, HalfStream half, SegmentView segment, Frame frame, long now) {
    ConnectionToxic stopping = half.toxic(Toxic.Timeout.class);
    ConnectionToxic resetting = half.toxic(Toxic.ResetPeer.class);
    if (stopping == null && resetting == null || !segment.isOrdered()) {
      schedule.accept(connection, half, segment, frame, now);
      return;
    }
    if (stopping != null) {
      stopping.owner.count(Effect.STOPPED);
    } else if (resetting != null) {
      resetLater(connection, half, resetting, now);
    }
    if (segment.has(TcpFlags.ACK)) {
      // The other stream goes on.
      int flags = segment.flags & ~SegmentWriter.NOT_BEFORE_LAST;
      output.accept(connection.direction(half.side), writer.part(segment, frame, 0, 0, flags, 0));
    }
  }

  /** Toxiproxy's waits for the stream's first data or its end, and lets neither pass. */
  private void resetLater(
      StreamConnection connection, HalfStream half, ConnectionToxic toxic, long now) {
    long after = ((Toxic.ResetPeer) toxic.toxic.type()).timeoutNanos();
    if (after == 0) {
      connection.resetDue = toxic;
    } else if (!toxic.hasBegun) {
      toxic.hasBegun = true;
      schedule.await(after, connection, half, toxic, now);
    }
  }

  private void expire(StreamConnection connection, ConnectionToxic toxic) {
    if (connection.isEstablished) {
      resetBoth(connection, toxic);
    } else {
      connection.resetDue = toxic;
    }
  }

  private void resetBoth(StreamConnection connection, ConnectionToxic cause) {
    if (connection.isReset) {
      return;
    }
    schedule.drop(connection);
    connection.isReset = true;
    cause.countOnce(cause.toxic.type() instanceof Toxic.Timeout ? Effect.TIMED_OUT : Effect.RESET);
    for (HalfStream half : List.of(connection.upstream, connection.downstream)) {
      int sequence = connection.receiverNext(half);
      output.accept(
          connection.direction(half.side),
          writer.reset(connection, half.side, sequence, 0, TcpFlags.RST));
    }
  }
}
