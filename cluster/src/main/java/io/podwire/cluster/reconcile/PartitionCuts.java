package io.podwire.cluster.reconcile;

import io.podwire.cluster.fault.PartitionShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Jepsen's grudges ({@code jepsen.nemesis}): which members do not hear which others. Stateless and
 * thread-safe.
 */
final class PartitionCuts {

  private PartitionCuts() {}

  /**
   * By member, in their order, those that it must not hear; members without any are absent.
   *
   * @param members by lot: the first ones are the smaller part
   */
  static Map<String, List<String>> of(PartitionShape shape, List<String> members) {
    int size = members.size();
    switch (shape) {
      case ONE:
        return split(members, 1);
      case MAJORITY:
        // bisect: with an odd number the larger part is a majority, with an even one neither is.
        return split(members, size / 2);
      case MINORITY_THIRD:
        // minority-third: the largest integer below a third.
        return split(members, Math.max(0, (size - 1) / 3));
      case MAJORITIES_RING:
        return ring(members);
      default:
        return grudges(members, (member, other) -> true);
    }
  }

  /** The fewest members of which the shape parts any. */
  static int fewest(PartitionShape shape) {
    switch (shape) {
      case MINORITY_THIRD:
        return 4;
      case MAJORITIES_RING:
        return 3;
      default:
        return 2;
    }
  }

  private static Map<String, List<String>> split(List<String> members, int first) {
    IntPredicate isFirst = index -> index < first;
    return grudges(members, (member, other) -> isFirst.test(member) != isFirst.test(other));
  }

  /**
   * majorities-ring-perfect: each member hears the majority in whose middle it is. With a majority
   * of an even number the middle is not exact, and some cuts are one-way.
   */
  private static Map<String, List<String>> ring(List<String> members) {
    int size = members.size();
    int majority = size / 2 + 1;
    List<Set<Integer>> heard = new ArrayList<>();
    for (int member = 0; member < size; member++) {
      Set<Integer> window = new HashSet<>();
      for (int step = 0; step < majority; step++) {
        window.add(Math.floorMod(member - majority / 2 + step, size));
      }
      heard.add(window);
    }
    return grudges(members, (member, other) -> !heard.get(member).contains(other));
  }

  private interface Grudge {
    boolean holds(int member, int other);
  }

  private static Map<String, List<String>> grudges(List<String> members, Grudge grudge) {
    Map<String, List<String>> cuts = new LinkedHashMap<>();
    for (int member = 0; member < members.size(); member++) {
      List<String> unheard = new ArrayList<>();
      for (int other = 0; other < members.size(); other++) {
        if (other != member && grudge.holds(member, other)) {
          unheard.add(members.get(other));
        }
      }
      if (!unheard.isEmpty()) {
        cuts.put(members.get(member), unheard);
      }
    }
    return cuts;
  }
}
