package io.podwire.cluster.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodePortAllocatorTest {

  @Test
  void shouldStartAtTheDynamicBand() {
    assertThat(new NodePortAllocator().choose(port -> false)).hasValue(30_086);
  }

  @Test
  void shouldGiveTheStaticBandLast() {
    NodePortAllocator allocator = new NodePortAllocator();
    Set<Integer> given = new HashSet<>();
    for (int i = 30_086; i <= 32_767; i++) {
      given.add(allocator.choose(given::contains).orElseThrow());
    }
    assertThat(given).allMatch(port -> port >= 30_086 && port <= 32_767);
    for (int i = 30_000; i < 30_086; i++) {
      given.add(allocator.choose(given::contains).orElseThrow());
    }
    assertThat(given).hasSize(2768);
    assertThat(allocator.choose(given::contains)).isEmpty();
  }

  @Test
  void shouldRefusePortsOutsideTheRange() {
    NodePortAllocator allocator = new NodePortAllocator();

    assertThat(allocator.problem(29_999)).contains("node port 29999 is not in 30000-32767");
    assertThat(allocator.problem(32_768)).isPresent();
    assertThat(allocator.problem(30_000)).isEmpty();
    assertThat(allocator.problem(32_767)).isEmpty();
  }
}
