package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeNetworkTest {

  private static final GatewayConfig.Family IPV4 =
      family("10.244.1.1", "172.30.0.11", "10.244.1.0/24");
  private static final GatewayConfig.Family IPV6 =
      family("fd00:10:244:1::1", "fd00:172:30::b", "fd00:10:244:1::/64");

  private static GatewayConfig.Family family(String gateway, String node, String podCidr) {
    return new GatewayConfig.Family(
        IpAddress.parse(gateway), IpAddress.parse(node), Cidr.parse(podCidr));
  }

  private static NodeNetwork network(GatewayConfig.Family... families) {
    return new NodeNetwork(List.of(families), 1450, IpAddress.parse("10.96.0.10"), "cluster.local");
  }

  @Test
  void shouldGivePodsTheSamePlaceInEachFamily() {
    assertThat(network(IPV4, IPV6).addresses(IpAddress.parse("10.244.1.7")))
        .hasToString("[10.244.1.7, fd00:10:244:1::7]");
    assertThat(network(IPV6, IPV4).addresses(IpAddress.parse("fd00:10:244:1::1f")))
        .hasToString("[fd00:10:244:1::1f, 10.244.1.31]");
    assertThat(network(IPV4).addresses(IpAddress.parse("10.244.1.7"))).hasToString("[10.244.1.7]");
  }

  @Test
  void shouldGiveHostNetworkPodsTheNodesAddresses() {
    assertThat(network(IPV4, IPV6).addresses(IpAddress.parse("172.30.0.11")))
        .hasToString("[172.30.0.11, fd00:172:30::b]");
    assertThat(network(IPV6).addresses(IpAddress.parse("fd00:172:30::b")))
        .hasToString("[fd00:172:30::b]");
  }

  @Test
  void shouldHandOutOnlyWhatEveryFamilyHas() {
    assertThat(network(IPV4, IPV6).addressRange()).hasToString("10.244.1.0/24");
    assertThat(network(IPV6).addressRange()).hasToString("fd00:10:244:1::/64");
    assertThat(network(IPV6, IPV4).addressRange()).hasToString("fd00:10:244:1::/121");
  }
}
