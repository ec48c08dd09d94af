package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.Segmenter;
import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream faults of one link; both of its directions pass here, before or behind its other
 * impairments.
 *
 * <p>Data, and ends of streams, of connections that a toxic acts on are held in order; pure
 * acknowledgments are not. What is no TCP, or of other connections, goes straight on. Ask {@link
 * #nextRelease} when to call {@link #advance}, after every other call. Outputs must not call back.
 *
 * <p>Not thread-safe; confined to the node's event loop. Without faults a frame costs one look.
 */
public final class StreamFaults {
  /** Between two looks for connections that are silent. */
  private static final long AGING_NANOS = 1_000_000_000L;

  private final FrameSink egress;
  private final FrameSink ingress;
  private final DropCounters drops;
  private final ConnectionTable connections;
  private final SegmentView segment = new SegmentView();
  private final Segmenter segmenter = new Segmenter();
  private final StreamToxics toxics;
  private final List<RunningStreamFault> faults = new ArrayList<>(0);
  private long agedAt;

  /**
   * Without faults.
   *
   * @param seed of the table of connections
   * @param egress takes what leaves the Pod or node
   * @param ingress takes what comes to it
   */
  public StreamFaults(long seed, FrameSink egress, FrameSink ingress, DropCounters drops) {
    this.egress = egress;
    this.ingress = ingress;
    this.drops = drops;
    this.connections = new ConnectionTable(seed);
    this.toxics = new StreamToxics(this::send);
  }

  /** Adds a fault, or puts it in the place of the one with its id, which ends. */
  public RunningStreamFault put(StreamFault fault, long nowNanos) {
    if (faults.isEmpty()) {
      agedAt = nowNanos;
    }
    advance(nowNanos);
    RunningStreamFault running = new RunningStreamFault(fault);
    int place = placeOf(fault.id());
    if (place < 0) {
      faults.add(running);
    } else {
      faults.set(place, running);
    }
    refit(nowNanos);
    return running;
  }

  /**
   * Ends a fault; what is held of the connections that it acts on goes on at once, in order.
   *
   * @return the fault with its final counts, null where there is none of this id
   */
  public @Nullable RunningStreamFault remove(String id, long nowNanos) {
    int place = placeOf(id);
    if (place < 0) {
      return null;
    }
    advance(nowNanos);
    RunningStreamFault ended = faults.remove(place);
    refit(nowNanos);
    if (faults.isEmpty()) {
      connections.clear();
    }
    return ended;
  }

  private void refit(long nowNanos) {
    connections.forEach(each -> {
      if (toxics.isStale(each, faults)) {
        toxics.schedule().releaseAll(each, nowNanos);
      }
      toxics.fit(each, faults, nowNanos);
    });
    toxics.schedule().keepTimesOf(faults);
  }

  private int placeOf(String id) {
    for (int i = 0; i < faults.size(); i++) {
      if (faults.get(i).fault().id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  public boolean isEmpty() {
    return faults.isEmpty();
  }

  public List<RunningStreamFault> faults() {
    return List.copyOf(faults);
  }

  /** Segments that are held. */
  public int held() {
    return toxics.schedule().held();
  }

  /**
   * Sends a frame, which is only lent.
   *
   * @return false where the output did not take a frame that no fault is for; others are counted
   */
  public boolean transmit(Direction direction, Frame frame, long nowNanos) {
    if (faults.isEmpty() || !segment.read(frame)) {
      return output(direction).transmit(frame);
    }
    advance(nowNanos);
    StreamConnection connection = connection(direction, nowNanos);
    if (!connection.hasToxics()) {
      return output(direction).transmit(frame);
    }
    if (frame.segmentSize() == 0) {
      accept(connection, direction, frame, nowNanos);
    } else if (segmenter.wrap(frame)) {
      for (int i = 0; i < segmenter.count(); i++) {
        Frame packet = Frame.allocate(segmenter.length(i));
        packet.reset(Frame.HEADROOM, segmenter.length(i));
        segmenter.write(i, packet.buffer(), Frame.HEADROOM);
        accept(connection, direction, packet, nowNanos);
      }
    } else {
      drops.count(DropReason.MALFORMED_TRANSPORT);
    }
    return true;
  }

  private StreamConnection connection(Direction direction, long nowNanos) {
    StreamConnection known = connections.find(segment, direction);
    if (known != null && segment.opens() && (known.isReset || known.isEstablished)) {
      // The same ends, another connection.
      toxics.schedule().end(known, nowNanos);
      known = null;
    }
    if (known == null) {
      known = connections.add(segment, direction);
      StreamConnection oldest = connections.overflow();
      if (oldest != null) {
        toxics.schedule().end(oldest, nowNanos);
      }
      toxics.fit(known, faults, nowNanos);
    }
    // Of those too that no toxic acts on: the same ends may belong to another one later.
    known.isEstablished |= segment.has(TcpFlags.ACK) && !segment.has(TcpFlags.SYN);
    known.lastSeen = nowNanos;
    return known;
  }

  private void accept(
      StreamConnection connection, Direction direction, Frame frame, long nowNanos) {
    if (segment.read(frame)) {
      toxics.accept(connection, connection.half(direction), segment, frame, nowNanos);
    }
  }

  private FrameSink output(Direction direction) {
    return direction == Direction.EGRESS ? egress : ingress;
  }

  private void send(Direction direction, Frame frame) {
    if (!output(direction).transmit(frame)) {
      drops.count(DropReason.TRANSMIT_FAILED);
    }
  }

  /** When something is due next; {@link Long#MAX_VALUE} where nothing is. */
  public long nextRelease() {
    return toxics.schedule().nextDue();
  }

  /** Does all that is due; to be called about every second without any, too. */
  public void advance(long nowNanos) {
    toxics.schedule().advance(nowNanos);
    if (nowNanos - agedAt < AGING_NANOS) {
      return;
    }
    agedAt = nowNanos;
    StreamConnection old = connections.idle(nowNanos);
    while (old != null) {
      toxics.schedule().end(old, nowNanos);
      old = connections.idle(nowNanos);
    }
  }
}
