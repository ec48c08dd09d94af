package io.podwire.cluster.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Order by lot: a function of a seed and of each name alone (rendezvous hashing), so that a name
 * that comes or goes leaves the others where they are. Stateless and thread-safe.
 */
final class Lot {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final double UNIT = 0x1.0p-53;

  private Lot() {}

  /**
   * The names in their order: those chosen before first, as they were, then the others by lot.
   *
   * @param before names in an earlier order; those that are no candidates any more are passed over
   */
  static List<String> order(long seed, Collection<String> names, List<String> before) {
    Set<String> left = new HashSet<>(names);
    Set<String> ordered = new LinkedHashSet<>();
    for (String name : before) {
      if (left.remove(name)) {
        ordered.add(name);
      }
    }
    List<String> rest = new ArrayList<>(left);
    rest.sort(Comparator.comparingLong((String name) -> hash(seed, name)).thenComparing(n -> n));
    ordered.addAll(rest);
    return List.copyOf(ordered);
  }

  /** A number above 0 and up to 1. */
  static double fraction(long seed, String name) {
    return ((hash(seed, name) >>> 11) + 1) * UNIT;
  }

  private static long hash(long seed, String name) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * FNV_PRIME;
    }
    return mix(hash ^ mix(seed + GOLDEN));
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
