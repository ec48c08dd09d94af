package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.Chance;
import io.podwire.netstack.impair.model.CorrelatedDraw;
import io.podwire.netstack.impair.model.Corruption;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Draws;
import io.podwire.netstack.impair.model.Duplication;
import io.podwire.netstack.impair.model.EcnMarking;
import io.podwire.netstack.impair.model.Loss;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.Reordering;
import io.podwire.netstack.impair.model.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides about each packet of a fault, in netem's order, and writes it down.
 *
 * <p>No decision depends on time: it would not be repeated. The last one stands in the fields. Not
 * thread-safe; confined to the node's event loop.
 */
final class Lottery {

  private final Draws draws;
  private final Loss.@Nullable Process loss;
  private final LossCause cause;
  private final @Nullable Chance duplication;
  private final @Nullable Chance corruption;
  private final Reordering.@Nullable Process reordering;
  private final @Nullable Delay delay;
  private final @Nullable CorrelatedDraw delayDraw;
  private final boolean marks;
  private final DecisionLog log = new DecisionLog();

  boolean lost;
  boolean marked;
  boolean duplicated;
  boolean corrupted;
  boolean reordered;
  long delayNanos;

  Lottery(Pipeline pipeline, Draws draws) {
    this.draws = draws;
    Loss model = pipeline.get(Loss.class);
    loss = model == null ? null : model.start(draws);
    cause = model == null ? LossCause.RANDOM : model.cause();
    Duplication duplicates = pipeline.get(Duplication.class);
    duplication = duplicates == null ? null : duplicates.start(draws);
    Corruption corrupts = pipeline.get(Corruption.class);
    corruption = corrupts == null ? null : corrupts.start(draws);
    Reordering reorders = pipeline.get(Reordering.class);
    reordering = reorders == null ? null : reorders.start(draws);
    delay = pipeline.get(Delay.class);
    delayDraw = delay == null || !delay.isRandom() ? null : delay.start(draws);
    marks = pipeline.get(EcnMarking.class) != null;
  }

  /**
   * Decides about the next packet.
   *
   * @param mayDuplicate false for a packet that is a duplicate itself
   * @param canMark whether the packet may be marked instead of lost
   */
  void decide(long index, boolean mayDuplicate, boolean canMark) {
    duplicated = mayDuplicate && duplication != null && duplication.happens(index);
    lost = loss != null && loss.loses(index);
    marked = lost && marks && canMark;
    lost &= !marked;
    boolean goesOn = !lost || duplicated;
    corrupted = goesOn && corruption != null && corruption.happens(index);
    reordered = goesOn && reordering != null && reordering.reorders(index);
    delayNanos = goesOn && !reordered ? delay(index) : 0;
    int flags = DecisionLog.flags(duplicated, corrupted, reordered);
    flags |= lost ? DecisionLog.lost(cause) : 0;
    flags |= marked ? DecisionLog.marked() : 0;
    log.add(index, flags, delayNanos);
  }

  private long delay(long index) {
    if (delay == null) {
      return 0;
    }
    return delay.nanos(delayDraw == null ? 0 : delayDraw.next(index));
  }

  /** Writes down that a packet did not come so far as to be decided about. */
  void skip(long index, LossCause stoppedBy) {
    log.add(index, DecisionLog.lost(stoppedBy), 0);
  }

  /** Which of a packet's bits is flipped. */
  int bit(long index, int bits) {
    return (int) Draws.scale(draws.bits(Stream.CORRUPT_BIT, index), bits);
  }

  LossCause cause() {
    return cause;
  }

  DecisionLog log() {
    return log;
  }
}
