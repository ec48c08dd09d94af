package io.podwire.netstack.table;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of chained entries that grows and shrinks by one bucket at a time (linear hashing,
 * Litwin 1980): no insertion waits for the whole table to be rehashed, and a table that has become
 * small again gives its memory back.
 *
 * <p>Starts with {@value #MIN_BUCKETS} buckets; keeps at least two for each entry. Lookups allocate
 * nothing. Not thread-safe; confined to the node's event loop.
 *
 * @param <K> what is looked up with
 * @param <E> what is kept
 */
public final class HashTable<K extends HashKey<K>, E extends K> {

  private static final int MIN_BUCKETS = 8;
  private static final int BUCKETS_PER_ENTRY = 2;

  /** Far from the growing limit, so that a table does not go to and fro. */
  private static final int MAX_BUCKETS_PER_ENTRY = 8;

  private static final int MAX_BUCKETS = 1 << 30;

  private final long seed;

  /** A power of two in length, of which more than half are in use unless all are. */
  private @Nullable K[] heads = array(MIN_BUCKETS);

  private int buckets = MIN_BUCKETS;
  private int size;
  private int swept;

  /**
   * An empty table.
   *
   * @param seed unknown to whoever may choose keys, lest they all meet in one bucket
   */
  public HashTable(long seed) {
    this.seed = seed;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <A> A array(int length) {
    return (A) new HashKey<?>[length];
  }

  /** The entry with this key, or null. */
  @SuppressWarnings("unchecked")
  public @Nullable E get(K key) {
    for (K entry = heads[bucket(key)]; entry != null; entry = entry.chained) {
      if (key.sameAs(entry)) {
        // Only entries are ever added.
        return (E) entry;
      }
    }
    return null;
  }

  /** Adds an entry, whose key must not be there yet. */
  public void add(E entry) {
    int bucket = bucket(entry);
    entry.chained = heads[bucket];
    heads[bucket] = entry;
    size++;
    while ((long) size * BUCKETS_PER_ENTRY > buckets && buckets < MAX_BUCKETS) {
      split();
    }
  }

  /** Removes this very entry; false where it is not there. */
  public boolean remove(E entry) {
    int bucket = bucket(entry);
    K before = null;
    for (K other = heads[bucket]; other != null; other = other.chained) {
      if (other == entry) {
        unlink(bucket, before, other);
        shrink();
        return true;
      }
      before = other;
    }
    return false;
  }

  /** The number of entries. */
  public int size() {
    return size;
  }

  /** Visits every entry, in no order; the table must not be changed meanwhile. */
  @SuppressWarnings("unchecked")
  public void forEach(Consumer<? super E> visitor) {
    for (int bucket = 0; bucket < buckets; bucket++) {
      for (K entry = heads[bucket]; entry != null; entry = entry.chained) {
        visitor.accept((E) entry);
      }
    }
  }

  /** Removes what a predicate says, of all entries; says how many. */
  public int removeIf(Predicate<? super E> gone) {
    return sweep(buckets, gone);
  }

  /**
   * Removes what a predicate says from the next so many buckets, beginning again after the last:
   * repeated, it comes to every entry.
   *
   * @return how many it removed
   */
  @SuppressWarnings("unchecked")
  public int sweep(int next, Predicate<? super E> gone) {
    int before = size;
    for (int i = Math.min(next, buckets); i > 0; i--) {
      swept = swept + 1 < buckets ? swept + 1 : 0;
      K previous = null;
      for (K entry = heads[swept]; entry != null; ) {
        K following = entry.chained;
        if (gone.test((E) entry)) {
          unlink(swept, previous, entry);
        } else {
          previous = entry;
        }
        entry = following;
      }
    }
    int removed = before - size;
    shrink();
    return removed;
  }

  private int bucket(K key) {
    int bucket = key.hash(seed) & heads.length - 1;
    // A bucket that is not split off yet is still part of the one in the lower half. Without a
    // branch, which nobody could predict.
    return bucket - (heads.length >> 1 & buckets - 1 - bucket >> 31);
  }

  private void unlink(int bucket, @Nullable K before, K entry) {
    if (before == null) {
      heads[bucket] = entry.chained;
    } else {
      before.chained = entry.chained;
    }
    entry.chained = null;
    size--;
  }

  private void split() {
    if (buckets == heads.length) {
      heads = Arrays.copyOf(heads, 2 * buckets);
    }
    int to = buckets;
    int from = to & (heads.length - 1) >>> 1;
    buckets++;
    distribute(from);
  }

  private void shrink() {
    while (buckets > MIN_BUCKETS && buckets / MAX_BUCKETS_PER_ENTRY > size) {
      buckets--;
      distribute(buckets);
      if (buckets == heads.length / 2) {
        heads = Arrays.copyOf(heads, buckets);
      }
    }
  }

  /** Puts the entries of a bucket to where they belong now. */
  private void distribute(int from) {
    K entry = heads[from];
    heads[from] = null;
    while (entry != null) {
      K next = entry.chained;
      int to = bucket(entry);
      entry.chained = heads[to];
      heads[to] = entry;
      entry = next;
    }
  }
}
