package io.podwire.cluster.ipam;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * Numbers from 0 to a size, split in a lower band that is meant for explicit wishes and an upper
 * one that automatic choice uses up first.
 *
 * <p>Each choice starts after the one before, so that a released number is not handed out again at
 * once. Thread-safe; two threads may be given the same number, which the store tells apart.
 */
final class Band {

  private final long lowerSize;
  private final long size;
  private final AtomicLong upperCursor;
  private final AtomicLong lowerCursor = new AtomicLong();

  /**
   * @param lowerSize numbers of the lower band, at most {@code size}
   * @param start any number: where in the upper band the first choice looks
   */
  Band(long lowerSize, long size, long start) {
    this.lowerSize = lowerSize;
    this.size = size;
    long upperSize = size - lowerSize;
    this.upperCursor = new AtomicLong(upperSize == 0 ? 0 : Math.floorMod(start, upperSize));
  }

  OptionalLong choose(LongPredicate taken) {
    OptionalLong upper = choose(upperCursor, lowerSize, size - lowerSize, taken);
    return upper.isPresent() ? upper : choose(lowerCursor, 0, lowerSize, taken);
  }

  private static OptionalLong choose(
      AtomicLong cursor, long base, long count, LongPredicate taken) {
    long start = cursor.get();
    for (long i = 0; i < count; i++) {
      long offset = (start + i) % count;
      if (!taken.test(base + offset)) {
        cursor.set((offset + 1) % count);
        return OptionalLong.of(base + offset);
      }
    }
    return OptionalLong.empty();
  }
}
