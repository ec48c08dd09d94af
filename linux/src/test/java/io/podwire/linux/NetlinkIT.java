package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
class NetlinkIT {

  private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.1");
  private static final IpAddress OTHER = IpAddress.parse("192.0.2.2");
  private static final MacAddress MAC = MacAddress.parse("0a:58:c0:00:02:01");

  private NetworkNamespace namespace;
  private Netlink netlink;

  @BeforeEach
  void open() {
    namespace = NetworkNamespace.create();
    netlink = Netlink.open(namespace);
  }

  @AfterEach
  void close() {
    netlink.close();
    namespace.close();
  }

  /** One end of a veth pair whose other end is up. */
  private void createLink(String name) {
    netlink.links().createVeth(name, "peer");
    netlink.links().setUp("peer");
  }

  private String proc(String path) throws IOException {
    return namespace.<String, IOException>call(
        () -> Files.readString(Path.of("/proc/thread-self/" + path)));
  }

  @Test
  void shouldCreateABridgeWithAVethPortIntoAnotherNamespace() throws IOException {
    try (NetworkNamespace other = NetworkNamespace.create();
        Netlink inOther = Netlink.open(other)) {
      netlink.links().createBridge("underlay", BridgeSettings.PLAIN);
      netlink.links().createVeth("port1", "eth0", other);
      netlink.links().setMaster("port1", "underlay");
      netlink.links().setUp("underlay");
      netlink.links().setUp("port1");
      inOther.links().setUp("eth0");

      Link bridge = netlink.links().get("underlay");
      assertThat(bridge.kind()).isEqualTo("bridge");
      assertThat(netlink.links().get("port1"))
          .satisfies(link -> {
            assertThat(link.kind()).isEqualTo("veth");
            assertThat(link.master()).isEqualTo(bridge.index());
            assertThat(link.running()).isTrue();
          });
      assertThat(inOther.links().get("eth0").up()).isTrue();
      assertThat(proc("net/dev")).contains("underlay:", "port1:").doesNotContain("eth0:");
    }
  }

  @Test
  void shouldChangeALink() throws IOException {
    createLink("dummy1");
    netlink.links().setMac("dummy1", MAC);
    netlink.links().setMtu("dummy1", 1450);
    netlink.links().rename("dummy1", "eth0");
    netlink.links().setUp("eth0");

    Link link = netlink.links().get("eth0");
    assertThat(link.mac()).isEqualTo(MAC);
    assertThat(link.mtu()).isEqualTo(1450);
    assertThat(link.up()).isTrue();
    assertThat(proc("net/dev")).contains("eth0:").doesNotContain("dummy1");

    netlink.links().setDown("eth0");
    assertThat(netlink.links().get("eth0").up()).isFalse();
    netlink.links().delete("eth0");
    assertThat(netlink.links().find("eth0")).isEmpty();
  }

  @Test
  void shouldMoveALink() {
    try (NetworkNamespace other = NetworkNamespace.create();
        Netlink inOther = Netlink.open(other)) {
      createLink("dummy1");
      netlink.links().moveTo("dummy1", other);

      assertThat(netlink.links().find("dummy1")).isEmpty();
      assertThat(inOther.links().find("dummy1")).isPresent();
    }
  }

  @Test
  void shouldAddAndRemoveAddressesOfBothFamilies() throws IOException {
    IpAddress v6 = IpAddress.parse("fd00::1");
    createLink("eth0");
    netlink.links().setUp("eth0");
    netlink.addresses().add("eth0", ADDRESS, 24);
    netlink.addresses().add("eth0", ADDRESS, 24);
    netlink.addresses().add("eth0", v6, 64);

    int index = netlink.links().get("eth0").index();
    assertThat(netlink.addresses().list("eth0"))
        .contains(new InterfaceAddress(index, ADDRESS, 24), new InterfaceAddress(index, v6, 64));
    assertThat(proc("net/fib_trie")).contains("192.0.2.1");

    netlink.addresses().remove("eth0", ADDRESS, 24);
    assertThat(netlink.addresses().list("eth0"))
        .doesNotContain(new InterfaceAddress(index, ADDRESS, 24));
  }

  @Test
  void shouldAddReplaceAndDeleteRoutes() throws IOException {
    createLink("eth0");
    netlink.links().setUp("eth0");
    netlink.addresses().add("eth0", ADDRESS, 24);
    Route route = Route.defaultVia(OTHER).through("eth0");
    Route beyond =
        Route.via(Cidr.parse("203.0.113.0/24"), IpAddress.parse("198.51.100.1"))
            .onLink("eth0")
            .from(ADDRESS)
            .inTable(100);
    netlink.routes().add(route);
    netlink.routes().replace(beyond);

    assertThat(netlink.routes().list()).contains(route, beyond);
    assertThat(proc("net/route")).containsPattern("eth0\\s+00000000\\s+020200C0");
    assertThatThrownBy(() -> netlink.routes().add(route))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("add route 0.0.0.0/0 via 192.0.2.2 dev eth0: already exists");

    netlink.routes().delete(route);
    assertThat(netlink.routes().list()).doesNotContain(route).contains(beyond);
  }

  @Test
  void shouldAddAndDeleteRules() {
    RoutingRule rule =
        RoutingRule.to(Cidr.parse("10.96.0.0/16"), 90, 100).ports(17, 30000, 32767).arriving("lo");
    netlink.rules().add(rule);
    assertThat(netlink.rules().list()).contains(rule);

    netlink.rules().delete(rule);
    assertThat(netlink.rules().list()).doesNotContain(rule);
  }

  @Test
  void shouldSetNeighboursForGood() throws IOException {
    createLink("eth0");
    netlink.links().setUp("eth0");
    netlink.addresses().add("eth0", ADDRESS, 24);
    netlink.neighbors().set("eth0", OTHER, MAC);
    assertThat(proc("net/arp")).contains("192.0.2.2", MAC.toString());

    netlink.neighbors().remove("eth0", OTHER);
    assertThat(proc("net/arp")).doesNotContain(MAC.toString());
  }

  @Test
  void shouldCreateAVxlanWithForwardingEntries() {
    netlink.links().createVxlan("vxlan1", new VxlanSettings(1, ADDRESS, 4789, false));
    netlink.neighbors().setForwarding("vxlan1", MAC, OTHER);
    netlink.neighbors().appendForwarding("vxlan1", MacAddress.ZERO, OTHER);
    netlink.neighbors().removeForwarding("vxlan1", MAC, OTHER);

    assertThat(netlink.links().get("vxlan1").kind()).isEqualTo("vxlan");
    assertThatThrownBy(() -> netlink.neighbors().removeForwarding("vxlan1", MAC, OTHER))
        .isInstanceOf(LinuxException.class);
  }

  @Test
  void shouldPassOnTheKernelsExplanation() {
    createLink("eth0");
    assertThatThrownBy(
            () -> netlink.routes().add(Route.defaultVia(IpAddress.parse("198.51.100.1"))))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("add route 0.0.0.0/0 via 198.51.100.1: network is unreachable")
        .hasMessageContaining("Nexthop has invalid gateway");
    assertThatThrownBy(() -> netlink.links().setUp("absent"))
        .hasMessageContaining("link absent: no such device");
  }
}
