package io.podwire.testkit.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.ServiceSpec;
import io.podwire.testkit.topology.Topology;
import org.junit.jupiter.api.RepeatedTest;

class PodwireClusterIT {

  @RepeatedTest(3)
  void shouldStart() {
    try (PodwireCluster podwire =
        new PodwireCluster(
                Topology.nodes(3)
                    .pods(PodSpec.idle("client").on(1), PodSpec.server("web").on(2))
                    .services(ServiceSpec.of("web").port(80, PodSpec.HTTP_PORT)))
            .withImages(PodwireImages.tagged("containers"))) {
      podwire.start();
      System.out.println("START " + podwire.startTook());
      podwire.cluster().service("web").awaitReady();
      assertThat(podwire.cluster().pod("client").exec("agnhost", "get", "http://web/hostname").text()).isEqualTo("web");
    }
  }
}
