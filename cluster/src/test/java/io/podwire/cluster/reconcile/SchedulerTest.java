package io.podwire.cluster.reconcile;

import static io.podwire.cluster.reconcile.Cluster.node;
import static io.podwire.cluster.reconcile.Cluster.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {

  @Test
  void shouldSpreadPodsAndBreakTiesByName() {
    List<Pod> pods =
        List.of(
            pod("old").on("a").build(),
            pod("w1").on(null).build(),
            pod("w2").on(null).build(),
            pod("w3").on(null).build());

    assertThat(placed(pods, List.of(node("c"), node("b"), node("a"))))
        .isEqualTo(Map.of("w1", "b", "w2", "c", "w3", "a"));
  }

  @Test
  void shouldNotCountFinishedPods() {
    List<Pod> pods =
        List.of(pod("done").on("a").phase(PodPhase.SUCCEEDED).build(), pod("w").on(null).build());

    assertThat(placed(pods, List.of(node("a"), node("b")))).isEqualTo(Map.of("w", "a"));
  }

  @Test
  void shouldLeaveBoundTerminatingAndFinishedPodsAlone() {
    List<Pod> pods =
        List.of(
            pod("bound").on("elsewhere").build(),
            pod("leaving").on(null).terminating().build(),
            pod("failed").on(null).phase(PodPhase.FAILED).build());

    assertThat(Scheduler.place(pods, List.of(node("a")))).isEmpty();
  }

  @Test
  void shouldHonourTheNodeSelector() {
    Node ssd = Cluster.labelled(node("z"), Map.of("disk", "ssd", "zone", "1"));
    List<Pod> pods = List.of(pod("w").on(null).nodeSelector(Map.of("disk", "ssd")).build());

    assertThat(placed(pods, List.of(node("a"), ssd))).isEqualTo(Map.of("w", "z"));
  }

  @Test
  void shouldSayWhyNoNodeWillDo() {
    List<Node> nodes =
        List.of(
            Cluster.ready(node("a"), false),
            Cluster.ready(node("b"), false),
            Cluster.withPodCidrs(node("c")),
            node("d"));
    List<Pod> pods = List.of(pod("w").on(null).nodeSelector(Map.of("disk", "ssd")).build());

    assertThat(Scheduler.place(pods, nodes))
        .singleElement()
        .satisfies(placement -> {
          assertThat(placement.node()).isEmpty();
          assertThat(placement.reason())
              .isEqualTo(
                  "0/4 nodes are available: 2 not ready,"
                      + " 2 without the labels of the Pod's nodeSelector.");
        });
    assertThat(Scheduler.place(pods, List.of()).get(0).reason())
        .isEqualTo("0/0 nodes are available.");
  }

  @Test
  void shouldBalanceManyPods() {
    List<Pod> pods = IntStream.range(0, 100).mapToObj(i -> pod("p" + i).on(null).build()).toList();
    Map<String, Integer> perNode = new TreeMap<>();
    placed(pods, List.of(node("a"), node("b"), node("c"), node("d"), node("e")))
        .values()
        .forEach(node -> perNode.merge(node, 1, Integer::sum));

    assertThat(perNode).hasSize(5).allSatisfy((node, count) -> assertThat(count).isEqualTo(20));
  }

  private static Map<String, String> placed(List<Pod> pods, List<Node> nodes) {
    Map<String, String> placed = new TreeMap<>();
    Scheduler.place(pods, nodes)
        .forEach(
            placement -> placed.put(placement.pod().name(), placement.node().orElse("nowhere")));
    return placed;
  }
}
