package io.podwire.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.Node;
import io.podwire.testkit.cluster.Pod;
import io.podwire.testkit.cluster.Service;
import io.podwire.testkit.junit.Named;
import io.podwire.testkit.junit.PodwireExtension;
import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.ServiceSpec;
import io.podwire.testkit.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

@EnabledIf(
    value = "io.podwire.testkit.e2e.Tools#isRoot",
    disabledReason = "needs root for network namespaces; run the build as root")
// tag: topology
class TopologyIT {

  @RegisterExtension
  static final PodwireExtension PODWIRE =
      PodwireExtension.builder()
          .topology(
              Topology.nodes(3)
                  .podNetwork("10.77.0.0/16")
                  .pods(PodSpec.server("web-1").label("app", "web").on(1))
                  .pods(PodSpec.server("web-2").label("app", "web").on(2))
                  .pods(PodSpec.idle("client").on(3))
                  .services(ServiceSpec.of("web").port(80, PodSpec.HTTP_PORT)))
          .build();

  @Test
  void shouldBalanceOverBothServers(@Named("client") Pod client, Service web) {
    web.awaitEndpoints(2);

    assertThat(client.exec("agnhost", "get", "http://web/hostname").text()).startsWith("web-");
  }

  // end

  // tag: node
  @Test
  void shouldGoOnAfterTheAgentHasDied(
      Cluster cluster, @Named("client") Pod client, @Named("node-1") Node node) {
    node.restart();
    cluster.awaitReady();

    String server = cluster.pod("web-1").address().toString();
    assertThat(client.exec("agnhost", "get", "http://" + server + ":8080/hostname").text())
        .isEqualTo("web-1");
  }

  @Test
  void shouldNotReachAPausedNode(
      @Named("client") Pod client, @Named("web-2") Pod server, @Named("node-2") Node node) {
    String address = server.address() + ":8080";
    try (Node.Pause pause = node.pause()) {
      assertThat(client.exec("agnhost", "connect", "--timeout=1s", address).err())
          .contains("TIMEOUT");
    }
    assertThat(client.exec("agnhost", "connect", "--timeout=5s", address).succeeded()).isTrue();
  }
  // end
}
