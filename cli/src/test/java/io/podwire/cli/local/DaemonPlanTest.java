package io.podwire.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.agent.pod.JavaRuntime;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DaemonPlanTest {
  private final ClusterHome home = new ClusterHome(Path.of("/h"), "c");
  private final ClusterPlan plan =
      ClusterPlanCheck.plan(
          new ClusterPlanCheck.Options(
              2,
              List.of("10.244.0.0/16"),
              List.of("10.96.0.0/16"),
              List.of("172.30.0.0/24"),
              List.of(),
              "flannel",
              Path.of("/etc/passwd")));
  private final DaemonPlan daemons = new DaemonPlan(home, plan, JavaRuntime.of("a.jar", null));

  @Test
  void shouldTellTheControlPlaneEveryRange() {
    assertThat(daemons.controlPlane().arguments())
        .containsExactly(
            "--id=control-plane",
            "--data=/h/clusters/c/control-plane",
            "--grpc=172.30.0.2:6500",
            "--api-socket=/h/clusters/c/api.sock",
            "--pod-cidr=10.244.0.0/16",
            "--service-cidr=10.96.0.0/16",
            "--node-cidr=172.30.0.0/24",
            "--load-balancer-cidr=100.64.0.0/24",
            "--proxy-mode=iptables",
            "--upstream=172.30.0.1",
            "--ready-file=/h/clusters/c/run/control-plane.ready");
  }

  @Test
  void shouldGiveEachAgentItsOwnAddressAndFolder() {
    assertThat(daemons.agent(2).arguments())
        .containsExactly(
            "--name=node-2",
            "--address=172.30.0.12",
            "--control-plane=172.30.0.2:6500",
            "--state=/h/clusters/c/nodes/node-2",
            "--preset=flannel",
            "--ready-file=/h/clusters/c/run/node-2.ready",
            "--resolv-conf=/h/clusters/c/resolv.conf");
  }

  @Test
  void shouldLetTheResolverOutsideKnowNothingOfTheCluster() {
    assertThat(daemons.outsideDns().arguments())
        .containsExactly(
            "--listen=172.30.0.1:53",
            "--hosts=/etc/passwd",
            "--ready-file=/h/clusters/c/run/outside-dns.ready");
  }

  @Test
  void shouldTellAgentsOfTheCachesOfTheirPods() {
    JavaRuntime runtime = new JavaRuntime("a.jar", Path.of("/dist/aot"), true);

    assertThat(new DaemonPlan(home, plan, runtime).agent(1).arguments())
        .endsWith("--start-caches=/dist/aot", "--record-start-caches");
  }

  @Test
  void shouldKeepTheSecondCompilerForAgents() {
    assertThat(daemons.agent(1).jvmOptions()).doesNotContain(JavaRuntime.FIRST_COMPILER);
    assertThat(daemons.controlPlane().jvmOptions()).contains(JavaRuntime.FIRST_COMPILER);
  }
}
