package io.podwire.agent.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PortRangeTest {

  @Test
  void shouldJoinNeighbours() {
    assertThat(PortRange.covering(List.of(30_002, 30_000, 30_001, 30_005), 64))
        .containsExactly(new PortRange(30_000, 30_002), new PortRange(30_005, 30_005));
    assertThat(PortRange.covering(List.of(), 64)).isEmpty();
  }

  @Test
  void shouldFillTheNarrowestGapsWhereThereAreTooMany() {
    assertThat(PortRange.covering(List.of(30_000, 30_010, 30_012, 30_100), 2))
        .containsExactly(new PortRange(30_000, 30_012), new PortRange(30_100, 30_100));
    assertThat(PortRange.covering(List.of(30_000, 30_010, 30_012, 30_100), 1))
        .containsExactly(new PortRange(30_000, 30_100));
  }

  @RepeatedTest(20)
  void shouldCoverEveryPortInOrder(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Set<Integer> ports = new TreeSet<>();
    random.ints(random.nextInt(1, 400), 30_000, 32_768).forEach(ports::add);
    int most = random.nextInt(1, 80);
    List<PortRange> ranges = PortRange.covering(ports, most);

    assertThat(ranges).hasSizeLessThanOrEqualTo(most);
    List<Integer> covered = new ArrayList<>();
    ranges.forEach(range -> {
      for (int port = range.first(); port <= range.last(); port++) {
        covered.add(port);
      }
    });
    assertThat(covered).isSorted().doesNotHaveDuplicates().containsAll(ports);
    boolean joined = ranges.size() < most;
    assertThat(!joined || covered.equals(List.copyOf(ports))).isTrue();
  }
}
