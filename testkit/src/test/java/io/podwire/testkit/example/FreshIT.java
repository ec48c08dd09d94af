package io.podwire.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.junit.Lifecycle;
import io.podwire.testkit.junit.PodwireTest;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.condition.EnabledIf;

/** Each test has a cluster of its own, and may leave in it what it likes. */
@EnabledIf(
    value = "io.podwire.testkit.e2e.Tools#isRoot",
    disabledReason = "needs root for network namespaces; run the build as root")
@PodwireTest(nodes = 1, lifecycle = Lifecycle.METHOD)
class FreshIT {
  private static final Set<String> SEEN = new HashSet<>();

  @RepeatedTest(2)
  void shouldHaveACluster(Cluster cluster) {
    assertThat(cluster.pods()).isEmpty();
    assertThat(SEEN.add(cluster.name())).isTrue();
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: left}
        spec: {containers: [{name: left, image: podwire/agnhost, args: [pause]}]}
        """);
    assertThat(cluster.awaitReady().pod("left").isReady()).isTrue();
  }
}
