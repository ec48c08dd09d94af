package io.podwire.netstack.impair.model;

import org.jspecify.annotations.Nullable;

/**
 * netem's {@code slot MIN [MAX] [packets N] [bytes N]}: packets wait for the next slot and leave in
 * it together, as in DOCSIS, Wi-Fi and LTE.
 *
 * <p>A slot opens this long after the first packet that missed the one before it is due, or after a
 * slot that was full.
 *
 * @param packets that a slot takes; 0 for any number
 * @param bytes that a slot takes: the one that reaches it is the last; 0 for any number
 * @param distribution of the times instead of the range, netem's {@code slot distribution}
 */
public record Slot(
    long minNanos, long maxNanos, int packets, int bytes, @Nullable Delay distribution)
    implements Impairment {

  public Slot {
    Checks.notNegative("slot", minNanos);
    Checks.notNegative("packets of a slot", packets);
    Checks.notNegative("bytes of a slot", bytes);
    if (maxNanos < minNanos) {
      throw new IllegalArgumentException(
          "a slot's longest time " + maxNanos + " ns is below its shortest " + minNanos + " ns");
    }
    if (maxNanos == 0 && distribution == null) {
      throw new IllegalArgumentException("a slot needs a time above 0");
    }
  }

  public Slot(long minNanos, long maxNanos, int packets, int bytes) {
    this(minNanos, maxNanos, packets, bytes, null);
  }

  /** How long after its cause a slot opens. */
  public long nanos(Draws draws, long slotIndex) {
    if (distribution != null) {
      return distribution.nanos(draws.uint32(Stream.SLOT, slotIndex));
    }
    long range = maxNanos - minNanos;
    return minNanos + Draws.scale(draws.bits(Stream.SLOT, slotIndex), range + 1);
  }

  public int packetLimit() {
    return packets == 0 ? Integer.MAX_VALUE : packets;
  }

  public long byteLimit() {
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }
}
