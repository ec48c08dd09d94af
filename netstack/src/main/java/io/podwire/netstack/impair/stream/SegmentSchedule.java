package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.model.Draws;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;

/**
 * The toxics that take time: cuts connections' segments and lets the parts go on when they are due,
 * and tells when a toxic's own time has come.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class SegmentSchedule {

  /** Segments held at once; one is at most a packet. */
  static final int MAX_HELD = 16_384;

  /** Nothing is due in a century. */
  private static final long NEVER = 3_155_760_000_000_000_000L;

  private static final long OCTETS_PER_KILOBYTE = 1000;
  private static final long NANOS = 1_000_000_000L;

  private final BiConsumer<Direction, Frame> output;
  private final BiConsumer<StreamConnection, ConnectionToxic> expired;
  private final SegmentWriter writer;
  private final PriorityQueue<Departure> departures = new PriorityQueue<>();
  private long numbers;
  private int held;

  /**
   * A schedule without anything in it.
   *
   * @param expired takes each toxic that {@link #await} has waited for
   */
  SegmentSchedule(
      SegmentWriter writer,
      BiConsumer<Direction, Frame> output,
      BiConsumer<StreamConnection, ConnectionToxic> expired) {
    this.writer = writer;
    this.output = output;
    this.expired = expired;
  }

  /** Segments that are held. */
  int held() {
    return held;
  }

  long nextDue() {
    Departure next = departures.peek();
    return next == null ? Long.MAX_VALUE : next.due();
  }

  /** Has a toxic's time come after so long, unless it is gone by then. */
  void await(
      long after, StreamConnection connection, HalfStream half, ConnectionToxic toxic, long now) {
    departures.add(new Departure(now + after, numbers++, now, connection, half, null, 0, toxic));
  }

  /** Cuts a segment and lets its parts go on at their times. */
  void accept(
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
    ConnectionToxic slicer = half.toxic(Toxic.Slicer.class);
    ConnectionToxic slow = segment.has(TcpFlags.FIN) ? half.toxic(Toxic.SlowClose.class) : null;
    int from = 0;
    int number = 0;
    while (from < segment.payload) {
      int length = slicer == null ? segment.payload : slice(slicer, segment.payload - from);
      length = Math.min(length, segment.payload - from);
      boolean last = from + length == segment.payload;
      int flags = last ? segment.flags : segment.flags & ~SegmentWriter.NOT_BEFORE_LAST;
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
      expired.accept(departure.connection(), toxic);
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

  /** Forgets the segments that are held of a connection, and its toxics' times. */
  void drop(StreamConnection connection) {
    for (Departure each : take(connection)) {
      if (each.frame() != null) {
        held--;
        each.half().held--;
      }
    }
  }
}
