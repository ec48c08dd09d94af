package io.podwire.cluster.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.fault.PartitionShape;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the definitions of Jepsen's nemesis. */
class PartitionCutsTest {

  @ParameterizedTest
  @CsvSource({
    "ONE, 5, 1",
    "ONE, 2, 1",
    "MAJORITY, 5, 2",
    "MAJORITY, 4, 2",
    "MAJORITY, 3, 1",
    "MINORITY_THIRD, 4, 1",
    "MINORITY_THIRD, 7, 2",
    "MINORITY_THIRD, 9, 2",
    "MINORITY_THIRD, 3, 0"
  })
  void shouldSplitOffTheFirst(PartitionShape shape, int size, int first) {
    List<String> members = members(size);
    Map<String, List<String>> cuts = PartitionCuts.of(shape, members);

    for (int one = 0; one < size; one++) {
      for (int other = 0; other < size; other++) {
        assertThat(deaf(cuts, members.get(one), members.get(other)))
            .isEqualTo((one < first) != (other < first));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 20})
  void shouldLetEachMemberOfARingHearAMajorityOfItsOwn(int size) {
    List<String> members = members(size);
    Map<String, List<String>> cuts = PartitionCuts.of(PartitionShape.MAJORITIES_RING, members);
    Set<Set<String>> majorities = new HashSet<>();

    for (String member : members) {
      Set<String> heard = new HashSet<>(members);
      heard.removeAll(cuts.getOrDefault(member, List.of()));
      assertThat(heard).hasSize(size / 2 + 1).contains(member);
      majorities.add(heard);
    }
    assertThat(majorities).hasSize(size);
  }

  @Test
  void shouldHaveNeighboursHearEachOtherInARingOfFive() {
    Map<String, List<String>> cuts =
        PartitionCuts.of(PartitionShape.MAJORITIES_RING, List.of("a", "b", "c", "d", "e"));

    assertThat(cuts)
        .containsEntry("a", List.of("c", "d"))
        .containsEntry("b", List.of("d", "e"))
        .containsEntry("c", List.of("a", "e"))
        .containsEntry("d", List.of("a", "b"))
        .containsEntry("e", List.of("b", "c"));
  }

  @Test
  void shouldPartAllFromAll() {
    List<String> members = members(4);
    Map<String, List<String>> cuts = PartitionCuts.of(PartitionShape.ALL, members);

    members.forEach(one ->
        members.forEach(other -> assertThat(deaf(cuts, one, other)).isEqualTo(!one.equals(other))));
  }

  private static boolean deaf(Map<String, List<String>> cuts, String member, String other) {
    return cuts.getOrDefault(member, List.of()).contains(other);
  }

  private static List<String> members(int size) {
    return IntStream.range(0, size).mapToObj(i -> "m" + i).toList();
  }
}
