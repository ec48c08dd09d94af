package io.podwire.dns.fault;

import io.podwire.cluster.model.NetworkFault;
import java.util.concurrent.TimeUnit;

/**
 * When a fault ends by itself, on the clock of this host alone.
 *
 * <p>A fault with a deadline ends then, and never later than its whole length after it was heard
 * of, whatever the clocks of other hosts say. One without ends when no control plane has been heard
 * for its lease.
 *
 * @param deadlineMillis as the control plane says; {@link Long#MAX_VALUE} for none
 * @param endNanos on the monotonic clock; of no meaning without a deadline
 */
record FaultTerm(long deadlineMillis, long endNanos, long leaseNanos) {

  /** A century: sums with it do not overflow. */
  private static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(36_525);

  /** Of a fault that is heard of for the first time. */
  static FaultTerm of(NetworkFault fault, long nowMillis, long nowNanos) {
    long left = Math.min(left(fault, nowMillis), length(fault.startMillis(), fault));
    return ending(fault, nowNanos, left);
  }

  /** Of the same fault, whose deadline may have been moved since. */
  FaultTerm followedBy(NetworkFault fault, long nowMillis, long nowNanos) {
    if (fault.deadlineMillis() == deadlineMillis) {
      return new FaultTerm(deadlineMillis, endNanos, leaseNanos(fault));
    }
    if (deadlineMillis == Long.MAX_VALUE || fault.deadlineMillis() == Long.MAX_VALUE) {
      return of(fault, nowMillis, nowNanos);
    }
    long before = TimeUnit.NANOSECONDS.toMillis(endNanos - nowNanos);
    long moved = before + length(deadlineMillis, fault);
    return ending(fault, nowNanos, Math.min(left(fault, nowMillis), moved));
  }

  private static long left(NetworkFault fault, long nowMillis) {
    return length(nowMillis, fault);
  }

  private static long length(long fromMillis, NetworkFault fault) {
    long deadline = fault.deadlineMillis();
    return deadline == Long.MAX_VALUE ? LONGEST_MILLIS : clamped(deadline - fromMillis);
  }

  private static long clamped(long millis) {
    return Math.clamp(millis, -LONGEST_MILLIS, LONGEST_MILLIS);
  }

  private static FaultTerm ending(NetworkFault fault, long nowNanos, long leftMillis) {
    long nanos = TimeUnit.MILLISECONDS.toNanos(Math.max(0, clamped(leftMillis)));
    return new FaultTerm(fault.deadlineMillis(), nowNanos + nanos, leaseNanos(fault));
  }

  private static long leaseNanos(NetworkFault fault) {
    return TimeUnit.MILLISECONDS.toNanos(Math.clamp(fault.leaseMillis(), 0, LONGEST_MILLIS));
  }

  /**
   * How long it lasts if nothing more is heard, in nanoseconds; not above 0 once it is over.
   *
   * @param heardNanos when a control plane was last heard
   */
  long left(long nowNanos, long heardNanos) {
    return deadlineMillis == Long.MAX_VALUE
        ? leaseNanos - (nowNanos - heardNanos)
        : endNanos - nowNanos;
  }
}
