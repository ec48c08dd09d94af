package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.Blackhole;
import io.podwire.netstack.impair.model.Draws;
import io.podwire.netstack.impair.model.Flap;
import io.podwire.netstack.impair.model.Hold;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.MtuBlackhole;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A fault at work: the one place that knows in which order its impairments act.
 *
 * <ol>
 *   <li>partition, flap, MTU blackhole, hold: most packets end here
 *   <li>duplication and loss, decided together, or a congestion mark in place of the loss
 *   <li>corruption of the packet, not of its duplicate
 *   <li>the limit of packets that are held
 *   <li>reordering, or else delay, rate, slot and token bucket ({@link Departures})
 * </ol>
 *
 * <p>That is netem's order, with tc-tbf as its child. Not thread-safe; confined to the node's event
 * loop.
 */
public final class RunningFault {

  private final LinkFault fault;
  private final PacketMatcher matcher;
  private final FramePool pool;
  private final Link link;
  private final DropCounters drops;
  private final FaultCounters counters = new FaultCounters();
  private final EcnField ecn = new EcnField();
  private final Lottery lottery;
  private final Departures departures;
  private final boolean isBlackhole;
  private final @Nullable Flap flap;
  private final @Nullable Hold hold;
  private final int mtu;
  private final int limit;
  private long nextIndex;
  private long kept;

  /** The place in the link's list of the fault that comes behind this one. */
  int nextPlace;

  /** Where packets go on. */
  interface Link {

    /** Takes a packet to the faults from this place on, and its buffer where it has one. */
    void goOn(int place, Frame frame, @Nullable HeldFrame owned, long atNanos, long nowNanos);

    /** Hears of a packet that goes no further. */
    void lost(RunningFault by, LossCause cause, Frame frame);
  }

  RunningFault(LinkFault fault, FramePool pool, DropCounters drops, Link link) {
    this.fault = fault;
    this.pool = pool;
    this.link = link;
    this.drops = drops;
    Pipeline pipeline = fault.pipeline();
    matcher = new PacketMatcher(fault.filter(), fault.direction(), pipeline.cutsLink());
    Draws draws = new Draws(fault.seed(), fault.link(), fault.direction().name());
    lottery = new Lottery(pipeline, draws);
    departures = new Departures(pipeline, draws, pool, counters, new Exit());
    isBlackhole = pipeline.get(Blackhole.class) != null;
    flap = pipeline.get(Flap.class);
    hold = pipeline.get(Hold.class);
    MtuBlackhole blackhole = pipeline.get(MtuBlackhole.class);
    mtu = blackhole == null ? Integer.MAX_VALUE : blackhole.mtu();
    limit = pipeline.limit();
  }

  private final class Exit implements Departures.Exit {
    @Override
    public void leave(Frame frame, @Nullable HeldFrame owned, long atNanos, long nowNanos) {
      link.goOn(nextPlace, frame, owned, atNanos, nowNanos);
    }

    @Override
    public void lose(LossCause cause, Frame frame, @Nullable HeldFrame owned) {
      RunningFault.this.lose(cause, frame, owned);
    }
  }

  public LinkFault fault() {
    return fault;
  }

  /** What it has done so far. */
  public FaultSnapshot snapshot() {
    return counters.snapshot();
  }

  public DecisionLog decisions() {
    return lottery.log();
  }

  /** Packets that it holds. */
  public int held() {
    return departures.held();
  }

  /** Packets that a hold has kept, those that it has let go included. */
  public long kept() {
    return kept;
  }

  boolean matches(PacketHeaders headers) {
    return matcher.matches(headers);
  }

  /**
   * Takes a packet that matches.
   *
   * @param headers of this packet
   * @param owned the packet's buffer where it is from the pool, null where it is only lent
   * @param atNanos when it came by the schedule of the faults before this one
   */
  void accept(
      PacketHeaders headers, Frame frame, @Nullable HeldFrame owned, long atNanos, long nowNanos) {
    counters.matched(frame.length());
    long index = nextIndex++;
    LossCause stoppedBy = stoppedBy(headers, atNanos);
    if (stoppedBy != null) {
      lottery.skip(index, stoppedBy);
      lose(stoppedBy, frame, owned);
    } else if (hold != null) {
      kept++;
      departures.hold(frame, owned, atNanos);
    } else {
      impair(index, true, headers, frame, owned, atNanos, nowNanos);
    }
  }

  private @Nullable LossCause stoppedBy(PacketHeaders headers, long atNanos) {
    if (isBlackhole) {
      return LossCause.PARTITION;
    }
    if (flap != null && flap.isDown(fault.startNanos(), atNanos)) {
      return LossCause.FLAP;
    }
    if (headers.isIp && headers.packetLength > mtu) {
      return LossCause.MTU;
    }
    return hold != null && held() >= hold.limit() ? LossCause.HOLD_OVERFLOW : null;
  }

  private void impair(
      long index,
      boolean mayDuplicate,
      PacketHeaders headers,
      Frame lent,
      @Nullable HeldFrame lentOwner,
      long atNanos,
      long nowNanos) {
    Frame frame = lent;
    HeldFrame owned = lentOwner;
    lottery.decide(index, mayDuplicate, ecn.isCapable(frame, headers));
    boolean reordered = lottery.reordered;
    long delayNanos = lottery.delayNanos;
    boolean hasDuplicate = lottery.duplicated && !lottery.lost;
    if (lottery.duplicated) {
      counters.duplicated();
    }
    if (lottery.lost) {
      if (!lottery.duplicated) {
        lose(lottery.cause(), frame, owned);
        return;
      }
      // Of the two, the other one goes on.
      count(lottery.cause());
    }
    if (lottery.marked) {
      owned = own(frame, owned);
      frame = owned.frame;
      ecn.mark(frame, headers);
      counters.marked();
    }
    HeldFrame duplicate = hasDuplicate ? pool.copy(frame) : null;
    long duplicateIndex = hasDuplicate ? nextIndex++ : 0;
    if (lottery.corrupted) {
      owned = own(frame, owned);
      frame = owned.frame;
      corrupt(index, frame, headers);
    }
    if (held() >= limit) {
      lose(LossCause.QUEUE_LIMIT, frame, owned);
      if (duplicate != null) {
        // Decided all the same: the next decisions must not depend on how full the queue was.
        lottery.decide(duplicateIndex, false, ecn.isCapable(duplicate.frame, headers));
        lose(LossCause.QUEUE_LIMIT, duplicate.frame, duplicate);
      }
      return;
    }
    if (duplicate != null) {
      impair(duplicateIndex, false, headers, duplicate.frame, duplicate, atNanos, nowNanos);
    }
    if (reordered) {
      counters.reordered();
      departures.sendFirst(frame, owned, atNanos, nowNanos);
    } else {
      departures.send(frame, owned, atNanos, nowNanos, delayNanos);
    }
  }

  private HeldFrame own(Frame frame, @Nullable HeldFrame owned) {
    return owned == null ? pool.copy(frame) : owned;
  }

  /** Flips a bit behind the Ethernet header, after the checksum that is to miss it. */
  private void corrupt(long index, Frame frame, PacketHeaders headers) {
    if (headers.packetLength == 0) {
      return;
    }
    frame.completeChecksum();
    int bit = lottery.bit(index, headers.packetLength * Byte.SIZE);
    int at = frame.start() + headers.packetOffset + bit / Byte.SIZE;
    frame.buffer().put(at, (byte) (frame.buffer().get(at) ^ 1 << bit % Byte.SIZE));
    counters.corrupted();
  }

  private void lose(LossCause cause, Frame frame, @Nullable HeldFrame owned) {
    count(cause);
    link.lost(this, cause, frame);
    if (owned != null) {
      pool.giveBack(owned);
    }
  }

  private void count(LossCause cause) {
    counters.lost(cause);
    drops.count(cause.reason());
  }

  long nextRelease() {
    return departures.nextRelease();
  }

  void releaseFirst(long nowNanos) {
    departures.releaseFirst(nowNanos);
  }

  void releaseAll(long nowNanos) {
    departures.releaseAll(nowNanos);
  }
}
