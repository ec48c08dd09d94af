package io.podwire.agent.tunnel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Ports that follow each other, both ends inclusive. */
record PortRange(int first, int last) {

  /**
   * The fewest ranges with exactly these ports; where that is too many, the narrowest gaps between
   * them are taken in.
   */
  static List<PortRange> covering(Collection<Integer> ports, int most) {
    List<PortRange> ranges = new ArrayList<>();
    for (int port : new TreeSet<>(ports)) {
      PortRange last = ranges.isEmpty() ? null : ranges.getLast();
      if (last != null && last.last() + 1 == port) {
        ranges.set(ranges.size() - 1, new PortRange(last.first(), port));
      } else {
        ranges.add(new PortRange(port, port));
      }
    }
    return ranges.size() <= most ? ranges : joined(ranges, ranges.size() - most);
  }

  private static List<PortRange> joined(List<PortRange> ranges, int gaps) {
    TreeSet<Integer> filled = new TreeSet<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 1; i < ranges.size(); i++) {
      places.add(i);
    }
    places.sort(
        Comparator.comparingInt(place -> ranges.get(place).first() - ranges.get(place - 1).last()));
    filled.addAll(places.subList(0, gaps));
    List<PortRange> joined = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      if (filled.contains(i)) {
        PortRange before = joined.removeLast();
        joined.add(new PortRange(before.first(), ranges.get(i).last()));
      } else {
        joined.add(ranges.get(i));
      }
    }
    return joined;
  }
}
