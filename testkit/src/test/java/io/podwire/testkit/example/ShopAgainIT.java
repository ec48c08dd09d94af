package io.podwire.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.ClusterFailure;
import io.podwire.testkit.cluster.Pod;
import io.podwire.testkit.junit.Lifecycle;
import io.podwire.testkit.junit.Named;
import io.podwire.testkit.junit.PodwireTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Another class with the same topology: it gets the cluster that {@link ShopIT} has had. */
@EnabledIf(
    value = "io.podwire.testkit.e2e.Tools#isRoot",
    disabledReason = "needs root for network namespaces; run the build as root")
@PodwireTest(nodes = 2, manifests = "shop.yaml", lifecycle = Lifecycle.SHARED)
class ShopAgainIT {

  // tag: apply
  @BeforeAll
  static void addSecondServer(Cluster cluster) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web-2, labels: {app: web}}
        spec:
          containers:
          - name: web
            image: podwire/agnhost
            args: [netexec]
            ports: [{name: http, containerPort: 8080}]
            readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
        """);
    cluster.awaitReady();
  }

  // end

  @Test
  void shouldHaveTwoServers(Cluster cluster, @Named("web-2") Pod second) {
    assertThat(cluster.service("web").awaitEndpoints(2).endpoints()).contains(second.address());
  }

  @Test
  void shouldTellWhatIsNotReadyAndWhatItsAgentHasLogged(Cluster cluster) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: broken}
        spec:
          nodeName: node-2
          containers: [{name: broken, image: podwire/host, command: [/no/such/program]}]
        """);

    assertThatThrownBy(cluster::awaitReady)
        .isInstanceOf(ClusterFailure.class)
        .hasMessageContainingAll(
            "the cluster does not become Ready: ",
            "Pod broken: ",
            "/no/such/program: no such file or directory",
            "the end of the log of node-2:");
    cluster.pod("broken").delete();
  }
}
