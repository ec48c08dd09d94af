package io.podwire.cluster.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnnouncerElectionTest {

  private static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4");
  private static final IpAddress FIRST = IpAddress.parse("100.64.0.1");

  @Test
  void shouldElectTheSameWhateverTheOrder() {
    assertThat(AnnouncerElection.elect(FIRST, List.of("node-4", "node-2", "node-3", "node-1")))
        .isEqualTo(AnnouncerElection.elect(FIRST, NODES));
    assertThat(AnnouncerElection.elect(FIRST, List.of())).isEmpty();
  }

  @Test
  void shouldMoveOnlyTheAddressesOfTheNodeThatGoes() {
    List<String> left = List.of("node-1", "node-2", "node-4");
    Map<String, Integer> held = new HashMap<>();
    for (IpAddress address : addresses()) {
      String before = AnnouncerElection.elect(address, NODES).orElseThrow();
      held.merge(before, 1, Integer::sum);
      if (!before.equals("node-3")) {
        assertThat(AnnouncerElection.elect(address, left)).contains(before);
      }
    }
    // 50 each on average; 25 is more than four standard deviations away.
    assertThat(held.values()).hasSize(4).allMatch(count -> count > 25);
  }

  private static List<IpAddress> addresses() {
    return IntStream.range(0, 200).mapToObj(FIRST::plus).toList();
  }
}
