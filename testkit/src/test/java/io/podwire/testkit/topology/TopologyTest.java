package io.podwire.testkit.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TopologyTest {

  private static Topology web() {
    return Topology.nodes(2)
        .pods(PodSpec.server("web").on(2), PodSpec.idle("client").namespace("shop"))
        .services(ServiceSpec.of("web").port(80, PodSpec.HTTP_PORT));
  }

  @Test
  void shouldBeEqualWhereItMeansTheSame() {
    assertThat(web()).isEqualTo(web()).hasSameHashCodeAs(web());
    assertThat(web()).isNotEqualTo(web().podNetwork("10.1.0.0/16"));
    assertThat(web().ipFamily(IpFamily.DUAL)).isNotEqualTo(web());
    assertThat(web().ipFamily(IpFamily.DUAL).options()).containsEntry("--ip-family", "dual");
    assertThat(web()).isNotEqualTo(web().pods(PodSpec.idle("other")));
  }

  @Test
  void shouldMakeTheNamespacesThatPodsAreIn() {
    String text = web().everything().get(0).text();

    assertThat(text)
        .startsWith("---\n")
        .contains("kind: \"Namespace\"\nmetadata:\n  name: \"shop\"\n")
        .contains("nodeName: \"node-2\"")
        .contains("targetPort: 8080");
  }

  @Test
  void shouldRefuseTwoOfOneName() {
    assertThatThrownBy(() -> web().pods(PodSpec.idle("web")))
        .hasMessage(
            "Pod default/web is declared twice: give one of them another name or namespace");
  }

  @Test
  void shouldRefuseNoNodes() {
    assertThatThrownBy(() -> Topology.nodes(0)).hasMessageContaining("1 to 200 nodes");
  }

  @Test
  void shouldNameAManifestThatIsNotThere() {
    assertThatThrownBy(() -> Topology.nodes(1).manifest(Path.of("nowhere.yaml")))
        .hasMessageContaining("nowhere.yaml cannot be read");
  }
}
