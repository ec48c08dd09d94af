package io.podwire.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cluster.attach.PodNetwork;
import io.podwire.cluster.attach.ResolverConfig;
import io.podwire.linux.Link;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.RequiresRoot;
import io.podwire.linux.Route;
import io.podwire.linux.Tap;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
class PodInterfaceIT {

  private static final IpAddress ADDRESS = IpAddress.parse("10.244.1.5");
  private static final IpAddress GATEWAY = IpAddress.parse("10.244.1.1");
  private static final PodNetwork NETWORK =
      new PodNetwork(
          "node-1",
          "u",
          ADDRESS,
          24,
          GATEWAY,
          List.of(new PodNetwork.RouteEntry(Cidr.parse("0.0.0.0/0"), GATEWAY)),
          1450,
          62_000,
          MacAddress.of(ADDRESS),
          new ResolverConfig(List.of(), List.of(), List.of("ndots:5")),
          List.of());

  private NetworkNamespace namespace;

  @BeforeEach
  void make() {
    namespace = NetworkNamespace.create();
  }

  @AfterEach
  void drop() {
    namespace.close();
  }

  @Test
  void shouldSetTheInterfaceUp() {
    try (Tap tap = namespace.call(() -> PodInterface.make("eth0"));
        Netlink netlink = Netlink.open(namespace)) {
      namespace.run(() -> PodInterface.configure("eth0", NETWORK));
      // As after an agent's restart.
      namespace.run(() -> PodInterface.configure("eth0", NETWORK));

      Link link = netlink.links().get("eth0");
      assertThat(tap.name()).isEqualTo("eth0");
      assertThat(link.mtu()).isEqualTo(1450);
      assertThat(netlink.addresses().list("eth0"))
          .anyMatch(each -> each.address().equals(ADDRESS) && each.prefixLength() == 24);
      assertThat(netlink.routes().list())
          .anyMatch(route ->
              GATEWAY.equals(route.gateway())
                  && route.destination().prefixLength() == 0
                  && route.table() == Route.MAIN);
      assertThat(namespace.call(() -> PodInterface.differences("eth0", ADDRESS))).isEmpty();
      assertThat(namespace.call(() -> PodInterface.differences("eth0", GATEWAY))).hasSize(1);
      assertThat(namespace.call(() -> PodInterface.differences("eth1", ADDRESS))).hasSize(1);
      namespace.run(() -> PodInterface.remove("eth0"));
      namespace.run(() -> PodInterface.remove("eth0"));
      assertThat(netlink.links().find("eth0")).isEmpty();
    }
  }

  @Test
  void shouldRefuseAnInterfaceThatIsThere() {
    try (Tap first = namespace.call(() -> PodInterface.make("eth0"))) {
      assertThatThrownBy(() -> namespace.call(() -> PodInterface.make("eth0")))
          .isInstanceOfSatisfying(
              PodInterface.Unusable.class, e -> assertThat(e.isPresent()).isTrue())
          .hasMessageContaining(first.name() + " is there already");
    }
  }
}
