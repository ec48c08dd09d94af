package io.podwire.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgentQueueTest {
  private final List<Integer> started = new ArrayList<>();
  private final Set<Integer> serving = new HashSet<>();

  @Test
  void shouldStartNoMoreThanAFewAtOnce() {
    AgentQueue queue = new AgentQueue(100, started::add, serving::contains);

    queue.startNext();
    queue.startNext();
    assertThat(started).containsExactlyElementsOf(numbers(AgentQueue.AT_ONCE));

    serving.add(2);
    queue.startNext();
    assertThat(started).containsExactlyElementsOf(numbers(AgentQueue.AT_ONCE + 1));
  }

  @Test
  void shouldStartEachOnce() {
    AgentQueue queue = new AgentQueue(3, started::add, serving::contains);
    queue.startNext();
    serving.addAll(started);
    queue.startNext();

    assertThat(started).containsExactly(1, 2, 3);
  }

  private static List<Integer> numbers(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }
}
