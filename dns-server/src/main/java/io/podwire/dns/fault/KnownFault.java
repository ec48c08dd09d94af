package io.podwire.dns.fault;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.NetworkFault;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A fault that a control plane has told of, with what came of it.
 *
 * <p>Not thread-safe; guarded by {@link DnsFaults}.
 */
final class KnownFault {

  /** How long the last report of a fault that is gone is tried. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final FaultTally tally;
  private final HeldQueries.Ward ward;
  private final long reportNanos;
  private NetworkFault fault;
  private FaultTerm term;
  private ActiveFault active;
  private boolean removed;
  private long removedAt;
  private boolean over;
  private boolean underWay;
  private @Nullable LinkReceipt told;
  private @Nullable LinkReceipt tried;
  private long lastTried;

  /**
   * A fault that was just told.
   *
   * @param reportNanos between two reports while it goes on
   */
  KnownFault(NetworkFault fault, FaultTerm term, HeldQueries.Ward ward, long reportNanos) {
    this.reportNanos = reportNanos;
    DnsEffect effect = Objects.requireNonNull(fault.spec().dns());
    this.fault = fault;
    this.term = term;
    this.ward = ward;
    this.tally = new FaultTally(ActiveFault.error(effect));
    this.active = new ActiveFault(fault, term, tally, ward);
  }

  boolean isSameAs(NetworkFault other) {
    return !removed && fault.uid().equals(other.uid());
  }

  /** The same fault as it is now. */
  void change(NetworkFault now, long nowMillis, long nowNanos) {
    term = term.followedBy(now, nowMillis, nowNanos);
    fault = now;
    active = new ActiveFault(now, term, tally, ward);
  }

  void remove(long nowNanos) {
    removed = true;
    removedAt = nowNanos;
  }

  ActiveFault active() {
    return active;
  }

  /** Whether it acts now; if it has come to its end, the queries that it holds go on. */
  boolean acts(long nowNanos, long heardNanos) {
    boolean acts = !removed && fault.active() && !active.isOver(nowNanos, heardNanos);
    if (over == acts) {
      over = !acts;
      if (acts) {
        ward.reopen();
      } else {
        ward.release();
      }
    }
    return acts;
  }

  /** Nanoseconds until it ends by itself. */
  long left(long nowNanos, long heardNanos) {
    return term.left(nowNanos, heardNanos);
  }

  /** What is to be told now; null where nothing is new or it is not time. */
  @Nullable FaultReport report(String reporter, long nowNanos) {
    LinkReceipt receipt = tally.receipt(over);
    boolean turned = tried == null || tried.ended() != over;
    if (underWay || receipt.equals(told) || !turned && nowNanos - lastTried < reportNanos) {
      return null;
    }
    underWay = true;
    tried = receipt;
    lastTried = nowNanos;
    return new FaultReport(fault.key(), fault.uid(), reporter, List.of(receipt));
  }

  /** A control plane has taken what was told last, or none has. */
  void reported(boolean taken) {
    underWay = false;
    if (taken) {
      told = tried;
    }
  }

  /** Whether nobody needs it any more. */
  boolean isDone(long nowNanos) {
    boolean last = told != null && told.ended() && told.equals(tally.receipt(true));
    return removed && (last || nowNanos - removedAt > PATIENCE_NANOS);
  }
}
