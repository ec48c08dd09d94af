package io.podwire.cluster.ipam;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Chooses node ports from 30000-32767; the first 86 are left to explicit wishes until the rest is
 * used up.
 *
 * <p>Thread-safe.
 */
public final class NodePortAllocator {

  public static final int FIRST = 30_000;
  public static final int LAST = 32_767;

  private static final int SIZE = LAST - FIRST + 1;
  private static final int STATIC_BAND = Math.min(Math.max(16, SIZE / 32), 128);

  private final Band band;

  /** An allocator whose first choice is the dynamic band's first port, 30086. */
  public NodePortAllocator() {
    this(() -> 0);
  }

  public NodePortAllocator(RandomGenerator random) {
    this.band = new Band(STATIC_BAND, SIZE, random.nextLong());
  }

  /** A free port, from the dynamic band first; empty where all are taken. */
  public OptionalInt choose(IntPredicate taken) {
    OptionalLong index = band.choose(i -> taken.test(FIRST + (int) i));
    return index.isPresent()
        ? OptionalInt.of(FIRST + (int) index.getAsLong())
        : OptionalInt.empty();
  }

  /** Why this port cannot be asked for explicitly, or nothing where it can. */
  public Optional<String> problem(int wish) {
    return wish >= FIRST && wish <= LAST
        ? Optional.empty()
        : Optional.of("node port " + wish + " is not in " + FIRST + "-" + LAST);
  }
}
