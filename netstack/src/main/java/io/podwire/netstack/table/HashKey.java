package io.podwire.netstack.table;

import org.jspecify.annotations.Nullable;

/**
 * A key of a {@link HashTable}; the table's entries are keys themselves and chained through each
 * other, so that an entry costs the table no object of its own.
 *
 * <p>Keys are mutable, so that a table's owner can keep one to look up with and a lookup allocates
 * nothing; one that is in a table must not be changed. Not thread-safe.
 *
 * @param <K> what the keys of one table have in common
 */
public abstract class HashKey<K extends HashKey<K>> {

  /** The next entry of the bucket. */
  @Nullable K chained;

  /**
   * A hash whose lowest bits are as good as all others, and not to be foreseen without the seed.
   */
  protected abstract int hash(long seed);

  protected abstract boolean sameAs(K other);

  /**
   * Mixes two words into one: the halves of their product, every bit of which depends on all bits
   * of both. Each word needs something secret in it, for a zero would hide the other one.
   */
  protected static long fold(long a, long b) {
    return Math.multiplyHigh(a, b) ^ a * b;
  }
}
