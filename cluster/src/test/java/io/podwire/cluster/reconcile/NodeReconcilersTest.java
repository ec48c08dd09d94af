package io.podwire.cluster.reconcile;

import static io.podwire.cluster.reconcile.Cluster.node;
import static io.podwire.cluster.reconcile.Cluster.pod;
import static io.podwire.cluster.reconcile.Cluster.ready;
import static io.podwire.cluster.reconcile.Cluster.withPodCidrs;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.ipam.PodCidrAllocator;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeReconcilersTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final NodeLiveness liveness = new NodeLiveness(Duration.ofSeconds(10));

  @Test
  void shouldAssignFreePodNetworksOnly() {
    PodCidrReconciler reconciler = reconciler("10.244.0.0/22");

    assertThat(
            reconciler.assignments(
                List.of(
                    withPodCidrs(node("b")),
                    withPodCidrs(node("a")),
                    withPodCidrs(node("c"), "10.244.1.0/24")),
                Set.of(Cidr.parse("10.244.0.0/24"))))
        .isEqualTo(
            Map.of(
                "a", List.of(Cidr.parse("10.244.2.0/24")),
                "b", List.of(Cidr.parse("10.244.3.0/24"))));
  }

  @Test
  void shouldLeaveOutNodesForWhichThereIsNoNetworkLeft() {
    assertThat(
            reconciler("10.244.0.0/24")
                .assignments(List.of(withPodCidrs(node("a")), withPodCidrs(node("b"))), Set.of()))
        .containsOnlyKeys("a");
  }

  @Test
  void shouldNotOverlapAHandWrittenNetworkOfAnotherLength() {
    assertThat(
            reconciler("10.244.0.0/22")
                .assignments(
                    List.of(withPodCidrs(node("a")), withPodCidrs(node("hand"), "10.244.0.0/23")),
                    Set.of()))
        .isEqualTo(Map.of("a", List.of(Cidr.parse("10.244.2.0/24"))));
  }

  @Test
  void shouldTurnANodeUnreadyAfterTheGracePeriodOnly() {
    assertThat(liveness.changes(List.of(node("a")), Set.of(), 0)).isEmpty();
    assertThat(liveness.changes(List.of(node("a")), Set.of(), 9 * SECOND)).isEmpty();
    assertThat(liveness.changes(List.of(node("a")), Set.of(), 10 * SECOND))
        .isEqualTo(Map.of("a", false));
    assertThat(liveness.changes(List.of(ready(node("a"), false)), Set.of(), 20 * SECOND)).isEmpty();
  }

  @Test
  void shouldForgiveAShortAbsence() {
    liveness.changes(List.of(node("a")), Set.of(), 0);
    assertThat(liveness.changes(List.of(node("a")), Set.of("a"), 9 * SECOND)).isEmpty();

    assertThat(liveness.changes(List.of(node("a")), Set.of(), 11 * SECOND)).isEmpty();
    assertThat(liveness.changes(List.of(node("a")), Set.of(), 21 * SECOND))
        .isEqualTo(Map.of("a", false));
  }

  @Test
  void shouldTurnALiveNodeReadyAtOnce() {
    assertThat(liveness.changes(List.of(ready(node("a"), false)), Set.of("a"), 0))
        .isEqualTo(Map.of("a", true));
  }

  @Test
  void shouldCollectTerminatingPodsThatNoNodeWillReport() {
    assertThat(
            PodCollector.collect(
                List.of(
                    pod("kept").on("a").terminating().build(),
                    pod("running").on("gone").build(),
                    pod("orphan").on("gone").terminating().build(),
                    pod("unbound").on(null).terminating().build()),
                List.of(node("a"))))
        .containsExactly(new ObjectName("default", "orphan"), new ObjectName("default", "unbound"));
  }

  private static PodCidrReconciler reconciler(String network) {
    return new PodCidrReconciler(List.of(new PodCidrAllocator(Cidr.parse(network), 24)));
  }
}
