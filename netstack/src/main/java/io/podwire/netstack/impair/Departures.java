package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.Draws;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.impair.model.Slot;
import io.podwire.netstack.impair.model.TokenBucket;
import io.podwire.netstack.link.Frame;
import org.jspecify.annotations.Nullable;

/**
 * When the packets of a fault leave: delay, then rate, then slot, then token bucket.
 *
 * <p>Each step reckons with the time at which the packet was due, not with the time at which
 * somebody asked for it, so that a host's delays do not add up. A packet that need not wait is not
 * copied. Not thread-safe; confined to the node's event loop.
 */
final class Departures {

  private final Draws draws;
  private final FramePool pool;
  private final FaultCounters counters;
  private final Exit exit;
  private final boolean delays;
  private final @Nullable Rate rate;
  private final @Nullable Slot slot;
  private final @Nullable TokenBucket bucket;
  private final TokenBucket.@Nullable Process tokens;
  private final ReleaseQueue queue = new ReleaseQueue();
  private final ReleaseQueue waiting = new ReleaseQueue();

  private long waitingBytes;
  private long linkFreeNanos = Long.MIN_VALUE;
  private long slotNanos = Long.MIN_VALUE;
  private long slotIndex;
  private int slotPackets;
  private long slotBytes;

  /** Where packets go. */
  interface Exit {

    /** Takes a packet on, and its buffer where it has one from the pool. */
    void leave(Frame frame, @Nullable HeldFrame owned, long atNanos, long nowNanos);

    /** Drops a packet, and gives its buffer back. */
    void lose(LossCause cause, Frame frame, @Nullable HeldFrame owned);
  }

  Departures(Pipeline pipeline, Draws draws, FramePool pool, FaultCounters counters, Exit exit) {
    this.draws = draws;
    this.pool = pool;
    this.counters = counters;
    this.exit = exit;
    delays = pipeline.delays();
    rate = pipeline.get(Rate.class);
    slot = pipeline.get(Slot.class);
    bucket = pipeline.get(TokenBucket.class);
    tokens = bucket == null ? null : bucket.start();
  }

  int held() {
    return queue.size() + waiting.size();
  }

  /** Sends a packet after a delay, counted from the time at which it came. */
  void send(Frame frame, @Nullable HeldFrame owned, long atNanos, long nowNanos, long delayNanos) {
    long due = atNanos + delayNanos;
    boolean queued = false;
    long freeBefore = linkFreeNanos;
    if (rate != null) {
      queued = linkFreeNanos > due;
      linkFreeNanos = Math.max(linkFreeNanos, due) + rate.nanos(frame.length());
      due = linkFreeNanos;
    }
    if (slot == null && due == atNanos && queue.firstDueNanos() > atNanos) {
      shape(frame, owned, atNanos, atNanos, nowNanos, queued);
    } else if (!pool.mayHold(frame, owned)) {
      linkFreeNanos = freeBefore;
      exit.lose(LossCause.QUEUE_LIMIT, frame, owned);
    } else {
      HeldFrame held = keep(frame, owned, atNanos);
      held.queued = queued;
      queue.add(held, due);
    }
  }

  /** Sends a packet ahead of all that wait. */
  void sendFirst(Frame frame, @Nullable HeldFrame owned, long atNanos, long nowNanos) {
    counters.passed(frame.length(), charged(frame.length()), nowNanos, false);
    exit.leave(frame, owned, atNanos, nowNanos);
  }

  /** Keeps a packet until {@link #releaseAll}. */
  void hold(Frame frame, @Nullable HeldFrame owned, long atNanos) {
    if (pool.mayHold(frame, owned)) {
      queue.add(keep(frame, owned, atNanos), Long.MAX_VALUE);
    } else {
      exit.lose(LossCause.HOLD_OVERFLOW, frame, owned);
    }
  }

  private HeldFrame keep(Frame frame, @Nullable HeldFrame owned, long arrivalNanos) {
    HeldFrame held = owned == null ? pool.copy(frame) : owned;
    held.arrivalNanos = arrivalNanos;
    held.queued = false;
    return held;
  }

  private void shape(
      Frame frame,
      @Nullable HeldFrame owned,
      long arrivalNanos,
      long atNanos,
      long nowNanos,
      boolean queued) {
    if (bucket == null || tokens == null) {
      pass(frame, owned, arrivalNanos, atNanos, nowNanos, queued);
      return;
    }
    int length = frame.length();
    boolean isFull = waitingBytes + length > bucket.limitBytes() || !pool.mayHold(frame, owned);
    if (length > bucket.longestPacket() || isFull) {
      exit.lose(LossCause.TOKEN_BUCKET, frame, owned);
      return;
    }
    long due = tokens.departure(length, atNanos);
    if (due == atNanos && waiting.isEmpty()) {
      pass(frame, owned, arrivalNanos, atNanos, nowNanos, false);
    } else {
      HeldFrame held = keep(frame, owned, arrivalNanos);
      held.queued = true;
      waiting.add(held, due);
      waitingBytes += length;
    }
  }

  private void pass(
      Frame frame,
      @Nullable HeldFrame owned,
      long arrivalNanos,
      long atNanos,
      long nowNanos,
      boolean queued) {
    counters.passed(frame.length(), charged(frame.length()), nowNanos, queued);
    if (delays) {
      counters.held(atNanos - arrivalNanos, nowNanos - arrivalNanos);
    }
    exit.leave(frame, owned, atNanos, nowNanos);
  }

  private long charged(int length) {
    return rate == null || bucket != null ? length : rate.octets(length);
  }

  /** When the next packet leaves; {@link Long#MAX_VALUE} where none does by itself. */
  long nextRelease() {
    return Math.min(nextOfQueue(), waiting.firstDueNanos());
  }

  private long nextOfQueue() {
    long first = queue.firstDueNanos();
    if (slot == null || first == Long.MAX_VALUE) {
      return first;
    }
    return slotNanos >= first ? slotNanos : first + slot.nanos(draws, slotIndex);
  }

  /** Lets the packet go that is due first. */
  void releaseFirst(long nowNanos) {
    long at = nextOfQueue();
    if (waiting.firstDueNanos() <= at) {
      HeldFrame held = waiting.remove();
      waitingBytes -= held.frame.length();
      pass(held.frame, held, held.arrivalNanos, held.dueNanos, nowNanos, held.queued);
      return;
    }
    HeldFrame held = queue.remove();
    if (slot != null) {
      useSlot(slot, held, at);
    }
    shape(held.frame, held, held.arrivalNanos, at, nowNanos, held.queued);
  }

  private void useSlot(Slot slots, HeldFrame held, long atNanos) {
    if (slotNanos < held.dueNanos) {
      openSlot(slots, atNanos);
    }
    slotPackets--;
    slotBytes -= held.frame.length();
    if (slotPackets <= 0 || slotBytes <= 0) {
      openSlot(slots, atNanos + slots.nanos(draws, slotIndex));
    }
  }

  private void openSlot(Slot slots, long atNanos) {
    slotNanos = atNanos;
    slotIndex++;
    slotPackets = slots.packetLimit();
    slotBytes = slots.byteLimit();
  }

  /** Lets all packets go, in their order. */
  void releaseAll(long nowNanos) {
    while (!waiting.isEmpty()) {
      releaseEarly(waiting.remove(), nowNanos);
    }
    waitingBytes = 0;
    while (!queue.isEmpty()) {
      releaseEarly(queue.remove(), nowNanos);
    }
  }

  private void releaseEarly(HeldFrame held, long nowNanos) {
    counters.passed(held.frame.length(), charged(held.frame.length()), nowNanos, false);
    exit.leave(held.frame, held, nowNanos, nowNanos);
  }
}
