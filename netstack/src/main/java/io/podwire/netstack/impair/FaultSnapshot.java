package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.LossCause;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a fault had done at one moment; lengths are octets of Ethernet frames. Immutable and
 * thread-safe.
 *
 * @param matched packets that came and matched, without the fault's own duplicates
 * @param passed packets that left the fault: matched + duplicated = passed + lost + held
 * @param lost by cause; causes that lost nothing are absent
 * @param delayed packets that left later than they came, by the fault's schedule
 * @param requested times that packets were to stay, a queue's waiting included
 * @param achieved times that packets stayed, by the clock of those who asked for their release
 * @param lateness achieved less requested: what the host added
 * @param spanBytes octets that left behind the first packet
 * @param spanNanos from the first packet's release to the last one's
 * @param busyBytes octets, with a rate's overheads, that left while others waited for a rate
 * @param busyNanos that they took
 */
public record FaultSnapshot(
    long matched,
    long matchedBytes,
    long passed,
    long passedBytes,
    Map<LossCause, Long> lost,
    long marked,
    long corrupted,
    long duplicated,
    long reordered,
    long delayed,
    TimeSummary requested,
    TimeSummary achieved,
    TimeSummary lateness,
    long spanBytes,
    long spanNanos,
    long busyBytes,
    long busyNanos) {

  private static final double BIT_NANOS = 8e9;

  public FaultSnapshot {
    Map<LossCause, Long> copy = new EnumMap<>(LossCause.class);
    copy.putAll(lost);
    lost = Collections.unmodifiableMap(copy);
  }

  public long lost(LossCause cause) {
    return lost.getOrDefault(cause, 0L);
  }

  public long lostPackets() {
    return lost.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Bits a second over the whole time, pauses included; 0 where there were not two packets. */
  public double meanBitsPerSecond() {
    return spanNanos == 0 ? 0 : spanBytes * BIT_NANOS / spanNanos;
  }

  /** Bits a second while packets waited: what a rate allows; 0 where none waited. */
  public double busyBitsPerSecond() {
    return busyNanos == 0 ? 0 : busyBytes * BIT_NANOS / busyNanos;
  }
}
