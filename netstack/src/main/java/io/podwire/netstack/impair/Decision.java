package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.LossCause;
import org.jspecify.annotations.Nullable;

/**
 * What a fault decided about one packet.
 *
 * @param index of the packet among those that the fault matched, duplicates included
 * @param loss why the model lost it; null where it did not
 * @param marked whether it was marked instead of lost
 * @param duplicated whether a copy went ahead of it
 * @param corrupted whether one of its bits was flipped
 * @param reordered whether it was sent ahead of those that are delayed
 * @param delayNanos that the delay drew; 0 for lost and reordered packets
 */
public record Decision(
    long index,
    @Nullable LossCause loss,
    boolean marked,
    boolean duplicated,
    boolean corrupted,
    boolean reordered,
    long delayNanos) {}
