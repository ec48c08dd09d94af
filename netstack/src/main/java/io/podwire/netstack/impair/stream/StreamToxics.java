package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.model.Draws;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the toxics of a connection do to its segments, in their order.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class StreamToxics {

  /** Segments held at once; one is at most a packet. */
  static final int MAX_HELD = 16_384;

  /** Nothing is due in a century. */
  private static final long NEVER = 3_155_760_000_000_000_000L;

  private static final int NOT_BEFORE_LAST = TcpFlags.FIN | TcpFlags.PSH | TcpFlags.URG;
  private static final long OCTETS_PER_KILOBYTE = 1000;
  private static final long NANOS = 1_000_000_000L;

  private final BiConsumer<Direction, Frame> output;
  private final SegmentWriter writer = new SegmentWriter();
  private final SegmentView view = new SegmentView();
  private final PriorityQueue<Departure> departures = new PriorityQueue<>();
  private long numbers;
  private int held;

  StreamToxics(BiConsumer<Direction, Frame> output) {
    this.output = output;
  }

  int held() {
    return held;
  }

  long nextDue() {
    Departure next = departures.peek();
    return next == null ? Long.MAX_VALUE : next.due();
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
      departures.add(new Departure(now + after, numbers++, now, connection, half, null, 0, toxic));
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
    connection.isEstablished |= segment.has(TcpFlags.ACK) && !segment.has(TcpFlags.SYN);
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
    ConnectionToxic toxic = first(half, Toxic.LimitData.class);
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
    ConnectionToxic stopping = first(half, Toxic.Timeout.class);
    ConnectionToxic resetting = first(half, Toxic.ResetPeer.class);
    if (stopping == null && resetting == null || !segment.isOrdered()) {
      timed(connection, half, segment, frame, now);
      return;
    }
    if (stopping != null) {
      stopping.owner.count(Effect.STOPPED);
    } else if (resetting != null) {
      resetLater(connection, half, resetting, now);
    }
    if (segment.has(TcpFlags.ACK)) {
      // The other stream goes on.
      int flags = segment.flags & ~NOT_BEFORE_LAST;
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
      departures.add(new Departure(now + after, numbers++, now, connection, half, null, 0, toxic));
    }
  }

  private static @Nullable ConnectionToxic first(
      HalfStream half, Class<? extends Toxic.Type> type) {
    for (ConnectionToxic each : half.toxics) {
      if (type.isInstance(each.toxic.type())) {
        return each;
      }
    }
    return null;
  }

  /** Cuts a segment and lets its parts go on at their times. */
  private void timed(
      StreamConnection connection, HalfStream half, SegmentView segment, Frame frame, long now) {
    boolean ordered = segment.isOrdered() || segment.has(TcpFlags.RST);
    if (!ordered || half.toxics.isEmpty()) {
      if (half.held == 0) {
        half.pass(segment.sequenceEnd());
      }
      output.accept(connection.direction(half.side), frame);
      return;
    }
    if (half.holds(segment)) {
      return;
    }
    ConnectionToxic slicer = first(half, Toxic.Slicer.class);
    ConnectionToxic slow = segment.has(TcpFlags.FIN) ? first(half, Toxic.SlowClose.class) : null;
    int from = 0;
    int number = 0;
    while (from < segment.payload) {
      int length = slicer == null ? segment.payload : slice(slicer, segment.payload - from);
      length = Math.min(length, segment.payload - from);
      boolean last = from + length == segment.payload;
      int flags = last ? segment.flags : segment.flags & ~NOT_BEFORE_LAST;
      flags = slow == null ? flags : flags & ~TcpFlags.FIN;
      boolean whole = from == 0 && last && flags == segment.flags;
      Frame part = whole ? frame.copy() : writer.part(segment, frame, from, length, flags, number);
      if (!whole && slicer != null) {
        slicer.owner.count(Effect.SLICED);
      }
      int end = segment.sequence + from + length + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
      schedule(connection, half, part, segment.sequence + from, end, length, 0, now);
      from += length;
      number++;
    }
    if (segment.payload == 0 || slow != null) {
      Frame end =
          segment.payload == 0
              ? frame.copy()
              : writer.part(segment, frame, segment.payload, 0, segment.flags, number);
      long delay = slow == null ? 0 : ((Toxic.SlowClose) slow.toxic.type()).delayNanos();
      if (slow != null) {
        slow.countOnce(Effect.SLOW_CLOSED);
      }
      int at = segment.sequence + segment.payload;
      schedule(connection, half, end, at, segment.sequenceEnd(), 0, delay, now);
    }
  }

  private static int slice(ConnectionToxic slicer, int left) {
    Toxic.Slicer type = (Toxic.Slicer) slicer.toxic.type();
    long spread = 2L * type.sizeVariation() + 1;
    int size = type.averageSize() - type.sizeVariation() + (int) Draws.scale(slicer.draw(), spread);
    return Math.max(1, Math.min(size, left));
  }

  private void schedule(
      StreamConnection connection,
      HalfStream half,
      Frame frame,
      int from,
      int end,
      int octets,
      long delay,
      long now) {
    long due = now;
    for (ConnectionToxic each : half.toxics) {
      if (octets > 0 && each.toxic.type() instanceof Toxic.Slicer slicer) {
        due = Math.max(due, each.freeAt);
        each.freeAt = due + slicer.delayNanos();
      }
    }
    for (ConnectionToxic each : half.toxics) {
      if (octets > 0 && each.toxic.type() instanceof Toxic.Latency latency) {
        long jitter = latency.jitterNanos();
        due += latency.latencyNanos() - jitter + Draws.scale(each.draw(), 2 * jitter + 1);
        each.owner.count(Effect.DELAYED);
      }
    }
    for (ConnectionToxic each : half.toxics) {
      if (octets > 0 && each.toxic.type() instanceof Toxic.Bandwidth bandwidth) {
        due = Math.max(due, each.freeAt) + transfer(bandwidth, octets);
        each.freeAt = due;
        each.owner.count(Effect.PACED);
      }
    }
    due = Math.max(now, due);
    if (half.held > 0) {
      due = Math.max(due, half.lastDue);
    }
    due += delay;
    if (due <= now && half.held == 0) {
      half.pass(end);
      output.accept(connection.direction(half.side), frame);
      return;
    }
    if (held >= MAX_HELD) {
      half.toxics.forEach(each -> each.owner.count(Effect.OVERFLOWED));
      return;
    }
    held++;
    if (half.held++ == 0) {
      half.heldFrom = from;
      half.heldTo = end;
    } else if (HalfStream.isBefore(half.heldTo, end)) {
      half.heldTo = end;
    }
    half.lastDue = due;
    departures.add(new Departure(due, numbers++, now, connection, half, frame, end, null));
  }

  private static long transfer(Toxic.Bandwidth bandwidth, int octets) {
    long rate = bandwidth.kilobytesPerSecond() * OCTETS_PER_KILOBYTE;
    return rate == 0 ? NEVER : octets * NANOS / rate;
  }

  /** Does all that is due. */
  void advance(long now) {
    Departure next = departures.peek();
    while (next != null && next.due() <= now) {
      departures.remove();
      happen(next, now);
      next = departures.peek();
    }
  }

  private void happen(Departure departure, long now) {
    Frame frame = departure.frame();
    ConnectionToxic toxic = departure.toxic();
    if (frame != null) {
      depart(departure, frame, now);
    } else if (toxic != null && departure.half().toxics.contains(toxic)) {
      if (departure.connection().isEstablished) {
        resetBoth(departure.connection(), toxic);
      } else {
        departure.connection().resetDue = toxic;
      }
    }
  }

  private void depart(Departure departure, Frame frame, long now) {
    HalfStream half = departure.half();
    held--;
    half.held--;
    half.heldFrom = departure.end();
    half.pass(departure.end());
    RunningStreamFault told = null;
    for (ConnectionToxic each : half.toxics) {
      if (each.owner != told && now >= departure.due()) {
        told = each.owner;
        told.held(departure.due() - departure.arrival(), now - departure.arrival());
      }
    }
    output.accept(departure.connection().direction(half.side), frame);
  }

  /** Lets all go on at once that is held of a connection, in order; its toxics' times stay. */
  void releaseAll(StreamConnection connection, long now) {
    for (Departure each : take(connection)) {
      Frame frame = each.frame();
      if (frame == null) {
        departures.add(each);
      } else {
        depart(each, frame, now);
      }
    }
  }

  /** Lets all go on, of a connection that is no more. */
  void end(StreamConnection connection, long now) {
    releaseAll(connection, now);
    departures.removeIf(each -> each.connection() == connection);
  }

  /** Forgets the times of toxics of other faults. */
  void keepTimesOf(List<RunningStreamFault> faults) {
    departures.removeIf(each -> each.toxic() != null && !faults.contains(each.toxic().owner));
  }

  /** Takes everything of a connection out, in its order. */
  private List<Departure> take(StreamConnection connection) {
    List<Departure> taken = new ArrayList<>();
    departures.removeIf(each -> {
      boolean own = each.connection() == connection;
      if (own) {
        taken.add(each);
      }
      return own;
    });
    taken.sort(null);
    return taken;
  }

  private void resetBoth(StreamConnection connection, ConnectionToxic cause) {
    if (connection.isReset) {
      return;
    }
    for (Departure each : take(connection)) {
      if (each.frame() != null) {
        held--;
        each.half().held--;
      }
    }
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
