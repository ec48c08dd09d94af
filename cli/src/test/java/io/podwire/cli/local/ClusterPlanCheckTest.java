package io.podwire.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cli.outcome.CommandFailure;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterPlanCheckTest {
  @Test
  void shouldPlaceEverythingByTheContract() {
    ClusterPlan plan = plan(3, "10.244.0.0/16", "10.96.0.0/16", "172.30.0.0/24", "iana", null);

    assertThat(plan.nodeNames()).containsExactly("node-1", "node-2", "node-3");
    assertThat(plan.outsideAddress()).hasToString("172.30.0.1");
    assertThat(plan.controlPlaneEndpoint()).isEqualTo("172.30.0.2:6500");
    assertThat(plan.nodeAddresses(1)).hasToString("[172.30.0.11]");
    assertThat(plan.nodeAddresses(3)).hasToString("[172.30.0.13]");
    assertThat(plan.apiServiceAddress()).hasToString("10.96.0.1");
    assertThat(plan.dnsServiceAddresses()).hasToString("[10.96.0.10]");
    assertThat(plan.allUpstreams()).isEmpty();
  }

  @Test
  void shouldAskTheResolverOutsideWhereThereIsOne() {
    Path hosts = Path.of("/etc/passwd");
    ClusterPlan plan = plan(1, "10.244.0.0/16", "10.96.0.0/16", "192.168.7.0/28", "iana", hosts);

    assertThat(plan.allUpstreams()).containsExactly("192.168.7.1");
  }

  @Test
  void shouldTellEveryProblemWithOptionValueAndFix() {
    assertThatThrownBy(
            () -> plan(0, "10.96.0.0/12", "10.96.0.0/16", "1.2.3.4/24", "calico", Path.of("/no")))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            """
            --nodes 0: choose 1-200
            --node-cidr 1.2.3.4/24: 1.2.3.4/24 has host bits set; write 1.2.3.0/24
            --pod-cidr 10.96.0.0/12 overlaps --service-cidr 10.96.0.0/16: choose ranges that share no address
            --preset calico: choose iana (UDP 4789) or flannel (8472)
            --hosts /no: no such file; name a readable hosts file\
            """);
  }

  @Test
  void shouldRefuseRangesThatAreTooSmall() {
    assertThatThrownBy(
            () -> plan(5, "10.244.0.0/16", "10.96.0.0/29", "172.30.0.0/28", "iana", null))
        .hasMessage(
            """
            --service-cidr 10.96.0.0/29: too small for the DNS Service at its tenth address; choose a /28 or larger
            --node-cidr 172.30.0.0/28: has 16 addresses, 5 nodes need 17; choose a larger range or fewer --nodes\
            """);
    assertThat(plan(4, "10.244.0.0/16", "10.96.0.0/28", "172.30.0.0/28", "iana", null).nodes())
        .isEqualTo(4);
  }

  @Test
  void shouldRefusePodRangesWithoutRoomForEveryNode() {
    assertThatThrownBy(
            () -> plan(1, "10.244.0.0/28", "10.96.0.0/16", "172.30.0.0/24", "iana", null))
        .hasMessage(
            "--pod-cidr 10.244.0.0/28: too small, each node takes a /24 of it;"
                + " choose a /24 or larger");
    assertThatThrownBy(
            () -> plan(3, "10.244.0.0/23", "10.96.0.0/16", "172.30.0.0/24", "iana", null))
        .hasMessage(
            "--pod-cidr 10.244.0.0/23: has room for the /24 of 2 nodes, not of 3;"
                + " choose a larger range or fewer --nodes");
    assertThat(plan(2, "10.244.0.0/23", "10.96.0.0/16", "172.30.0.0/24", "iana", null).nodes())
        .isEqualTo(2);
  }

  @Test
  void shouldPlaceNodesInBothFamilies() {
    ClusterPlan plan =
        plan(
            2,
            "10.244.0.0/16,fd00:10:244::/48",
            "10.96.0.0/16,fd00:10:96::/112",
            "172.30.0.0/24,fd00:172:30::/64",
            "iana",
            null);

    assertThat(plan.nodeAddresses(2)).hasToString("[172.30.0.12, fd00:172:30::c]");
    assertThat(plan.controlPlaneEndpoint()).isEqualTo("172.30.0.2:6500");
    assertThat(plan.dnsServiceAddresses()).hasToString("[10.96.0.10, fd00:10:96::a]");
    assertThat(plan.loadBalancerCidrs()).hasToString("[100.64.0.0/24, fd00:100:64::/112]");
  }

  @Test
  void shouldBracketIpv6Endpoints() {
    ClusterPlan plan =
        plan(1, "fd00:10:244::/48", "fd00:10:96::/112", "fd00:172:30::/64", "iana", null);

    assertThat(plan.controlPlaneEndpoint()).isEqualTo("[fd00:172:30::2]:6500");
    assertThat(plan.loadBalancerCidrs()).hasToString("[fd00:100:64::/112]");
  }

  @Test
  void shouldRefuseFamiliesThatDoNotFit() {
    assertThatThrownBy(
            () -> plan(1, "fd00:10:244::/48", "10.96.0.0/16", "172.30.0.0/24", "iana", null))
        .hasMessage(
            "--service-cidr [10.96.0.0/16]: of another first IP family than --pod-cidr"
                + " [fd00:10:244::/48]; put the ranges into the same order");
    assertThatThrownBy(
            () -> plan(1, "fd00:10:244::/48", "fd00:10:96::/112", "172.30.0.0/24", "iana", null))
        .hasMessage(
            "--node-cidr 172.30.0.0/24: of another IP family than --pod-cidr"
                + " [fd00:10:244::/48]; choose a range of that family");
    assertThatThrownBy(
            () -> plan(1, "fd00:10:244::/72", "fd00:10:96::/112", "fd00:172::/64", "iana", null))
        .hasMessage(
            "--pod-cidr fd00:10:244::/72: too small, each node takes a /64 of it;"
                + " choose a /64 or larger");
  }

  @Test
  void shouldRefuseLoadBalancersWithinAnotherRange() {
    assertThatThrownBy(
            () -> plan(1, "fd00:10:244::/48", "fd00:10:96::/112", "fd00:100:64::/64", "iana", null))
        .hasMessage(
            "--node-cidr fd00:100:64::/64 overlaps --load-balancer-cidr fd00:100:64::/112:"
                + " choose ranges that share no address");
  }

  private static ClusterPlan plan(
      int nodes,
      String pods,
      String services,
      String network,
      String preset,
      @Nullable Path hosts) {
    return ClusterPlanCheck.plan(
        new ClusterPlanCheck.Options(
            nodes,
            List.of(pods.split(",")),
            List.of(services.split(",")),
            List.of(network.split(",")),
            List.of(),
            preset,
            hosts));
  }
}
