package io.podwire.cluster.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.addr.Cidr;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkPlanTest {

  @Test
  void shouldFindNothingWrongWithTheDefaults() {
    assertThat(problems("10.244.0.0/16", "10.96.0.0/16", "172.30.0.0/24")).isEmpty();
    assertThat(problems("10.244.0.0/16,fd00:1::/48", "10.96.0.0/16,fd00:2::/112", "172.30.0.0/24"))
        .isEmpty();
  }

  @Test
  void shouldNameBothRangesThatOverlap() {
    assertThat(problems("10.0.0.0/8", "10.96.0.0/16", "172.30.0.0/24"))
        .singleElement()
        .asString()
        .contains("pod-cidr 10.0.0.0/8", "service-cidr 10.96.0.0/16", "disjoint");
  }

  @Test
  void shouldReportAllProblemsAtOnce() {
    assertThat(problems("10.244.0.0/25", "10.244.0.0/30", "10.244.0.0/32"))
        .hasSize(6)
        .anyMatch(problem -> problem.contains("pod-cidr 10.244.0.0/25 is too small"))
        .anyMatch(problem -> problem.contains("service-cidr 10.244.0.0/30 is too small"))
        .anyMatch(problem -> problem.contains("node-cidr 10.244.0.0/32 is too small"));
  }

  @Test
  void shouldTakeOneRangePerFamily() {
    assertThat(problems("10.244.0.0/16,10.245.0.0/16", "10.96.0.0/16", "172.30.0.0/24"))
        .singleElement()
        .asString()
        .contains("at most one range per IP family");
  }

  @Test
  void shouldRefuseMulticastAndLoopback() {
    assertThat(problems("224.0.0.0/16", "127.0.0.0/16", "172.30.0.0/24")).hasSize(2);
  }

  private static List<String> problems(String pods, String services, String nodes) {
    return new NetworkPlan(cidrs(pods), cidrs(services), Cidr.parse(nodes)).problems();
  }

  private static List<Cidr> cidrs(String texts) {
    return Arrays.stream(texts.split(",")).map(Cidr::parse).toList();
  }
}
