package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.Segmenter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one direction of one link; packets pass those that they match in the order in which
 * these were put.
 *
 * <p>What matches no fault goes straight on, as through another band of a qdisc, and may overtake
 * what is held. A frame of several packets that matches is cut into them first. Time is an
 * argument, in nanoseconds of any clock that only goes forward: ask {@link #nextRelease} when to
 * call {@link #advance}, after every other call. The output must not call back.
 *
 * <p>Not thread-safe; confined to the node's event loop. With faults, packets allocate nothing once
 * the pool has as many buffers as there are packets held.
 */
public final class LinkImpairments {

  private static final RunningFault[] NONE = {};

  private final FrameSink output;
  private final DropCounters drops;
  private final FramePool pool;
  private final PacketHeaders headers = new PacketHeaders();
  private final Segmenter segmenter = new Segmenter();
  private final RunningFault.Link way = new Way();
  private RunningFault[] faults = NONE;
  private LossObserver observer = (fault, cause, frame) -> {};

  public LinkImpairments(FrameSink output, DropCounters drops) {
    this(output, drops, HeldMemory.unlimited());
  }

  /**
   * @param memory for the packets that are held here and wherever else it is given
   */
  public LinkImpairments(FrameSink output, DropCounters drops, HeldMemory memory) {
    this.output = output;
    this.drops = drops;
    this.pool = new FramePool(memory);
  }

  private final class Way implements RunningFault.Link {
    @Override
    public void goOn(
        int place, Frame frame, @Nullable HeldFrame owned, long atNanos, long nowNanos) {
      LinkImpairments.this.goOn(place, frame, owned, atNanos, nowNanos);
    }

    @Override
    public void lost(RunningFault by, LossCause cause, Frame frame) {
      observer.lost(by.fault(), cause, frame);
    }
  }

  /** Sets who hears of the packets that faults drop, in place of who did. */
  public void observe(LossObserver losses) {
    observer = losses;
  }

  /** Adds a fault at the end, or puts it in the place of the one with its id, which ends. */
  public RunningFault put(LinkFault fault, long nowNanos) {
    advance(nowNanos);
    RunningFault running = new RunningFault(fault, pool, drops, way);
    int place = placeOf(fault.id());
    if (place < 0) {
      faults = Arrays.copyOf(faults, faults.length + 1);
      faults[faults.length - 1] = running;
      number();
    } else {
      RunningFault ended = faults[place];
      faults[place] = running;
      number();
      ended.releaseAll(nowNanos);
    }
    return running;
  }

  /**
   * Ends a fault; the packets that it holds go on at once, in their order.
   *
   * @return the fault with its final counts, null where there is none of this id
   */
  public @Nullable RunningFault remove(String id, long nowNanos) {
    int place = placeOf(id);
    if (place < 0) {
      return null;
    }
    advance(nowNanos);
    RunningFault ended = faults[place];
    RunningFault[] left = Arrays.copyOf(faults, faults.length - 1);
    System.arraycopy(faults, place + 1, left, place, left.length - place);
    faults = left.length == 0 ? NONE : left;
    number();
    ended.nextPlace = place;
    ended.releaseAll(nowNanos);
    if (faults.length == 0) {
      pool.clear();
    }
    return ended;
  }

  private void number() {
    for (int i = 0; i < faults.length; i++) {
      faults[i].nextPlace = i + 1;
    }
  }

  private int placeOf(String id) {
    for (int i = 0; i < faults.length; i++) {
      if (faults[i].fault().id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  public boolean isEmpty() {
    return faults.length == 0;
  }

  /** The faults in the order in which packets pass them. */
  public List<RunningFault> faults() {
    return List.of(faults);
  }

  /** Packets that all faults hold together. */
  public int held() {
    int held = 0;
    for (RunningFault fault : faults) {
      held += fault.held();
    }
    return held;
  }

  /**
   * Sends a frame, which is only lent.
   *
   * @return false where the output did not take a frame that no fault matched; others are counted
   */
  public boolean transmit(Frame frame, long nowNanos) {
    if (!matchesAny(frame)) {
      return output.transmit(frame);
    }
    advance(nowNanos);
    if (frame.segmentSize() == 0) {
      goOn(0, frame, null, nowNanos, nowNanos);
    } else if (segmenter.wrap(frame)) {
      for (int i = 0; i < segmenter.count(); i++) {
        HeldFrame packet = pool.take(segmenter.length(i));
        packet.frame.reset(Frame.HEADROOM, segmenter.length(i));
        segmenter.write(i, packet.frame.buffer(), Frame.HEADROOM);
        goOn(0, packet.frame, packet, nowNanos, nowNanos);
      }
    } else {
      drops.count(DropReason.MALFORMED_TRANSPORT);
    }
    return true;
  }

  private boolean matchesAny(Frame frame) {
    if (faults.length == 0) {
      return false;
    }
    headers.read(frame);
    for (RunningFault fault : faults) {
      if (fault.matches(headers)) {
        return true;
      }
    }
    return false;
  }

  /** Gives a packet to the first fault from this place on that it matches, or to the output. */
  private void goOn(
      int place, Frame frame, @Nullable HeldFrame owned, long atNanos, long nowNanos) {
    if (place < faults.length) {
      headers.read(frame);
    }
    for (int i = place; i < faults.length; i++) {
      if (faults[i].matches(headers)) {
        faults[i].accept(headers, frame, owned, atNanos, nowNanos);
        return;
      }
    }
    if (!output.transmit(frame)) {
      drops.count(DropReason.TRANSMIT_FAILED);
    }
    if (owned != null) {
      pool.giveBack(owned);
    }
  }

  /** When a packet is due next; {@link Long#MAX_VALUE} where none is. */
  public long nextRelease() {
    long next = Long.MAX_VALUE;
    for (RunningFault fault : faults) {
      next = Math.min(next, fault.nextRelease());
    }
    return next;
  }

  /** Lets all packets go that are due; to be called about every second without any, too. */
  public void advance(long nowNanos) {
    // One by one over all faults: what one lets go may be due behind what another holds.
    for (RunningFault first = dueFirst(nowNanos); first != null; first = dueFirst(nowNanos)) {
      first.releaseFirst(nowNanos);
    }
    pool.age(nowNanos);
  }

  private @Nullable RunningFault dueFirst(long nowNanos) {
    RunningFault first = null;
    long next = Long.MAX_VALUE;
    for (RunningFault fault : faults) {
      long due = fault.nextRelease();
      if (due < next) {
        next = due;
        first = fault;
      }
    }
    return next <= nowNanos ? first : null;
  }

  FramePool pool() {
    return pool;
  }
}
