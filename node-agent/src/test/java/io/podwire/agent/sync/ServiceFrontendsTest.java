package io.podwire.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.EndpointSlice.Endpoint;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ServiceFrontendsTest {

  private static final IpAddress NODE = IpAddress.parse("172.30.0.11");
  private static final IpAddress CLUSTER_IP = IpAddress.parse("10.96.0.20");
  private static final IpAddress CLUSTER_IP6 = IpAddress.parse("fd00:96::20");
  private static final IpAddress NODE6 = IpAddress.parse("fd00:30::11");
  private static final IpAddress EXTERNAL6 = IpAddress.parse("2001:db8::7");
  private static final IpAddress BALANCED6 = IpAddress.parse("fd00:100::1");
  private static final IpAddress EXTERNAL = IpAddress.parse("192.0.2.7");
  private static final IpAddress BALANCED = IpAddress.parse("172.31.255.1");
  private static final Backend HERE = new Backend(IpAddress.parse("10.244.1.5"), 8080);
  private static final Backend THERE = new Backend(IpAddress.parse("10.244.2.5"), 8080);
  private static final Backend HERE6 = new Backend(IpAddress.parse("fd00:244:1::5"), 8080);
  private static final Cidr OFFICE = Cidr.parse("203.0.113.0/24");

  private static final EndpointSlice SLICE =
      new EndpointSlice(
          new ObjectName("default", "web-1"),
          "web",
          List.of(
              new EndpointSlice.Port("http", Protocol.TCP, 8080),
              new EndpointSlice.Port("dns", Protocol.UDP, 8053)),
          List.of(
              new Endpoint(List.of(HERE.address()), true, true, false, null, "node-1", null),
              new Endpoint(List.of(THERE.address()), true, true, false, null, "node-2", null)));

  private static final EndpointSlice SLICE6 =
      new EndpointSlice(
          new ObjectName("default", "web-6"),
          "web",
          List.of(new EndpointSlice.Port("http", Protocol.TCP, 8080)),
          List.of(new Endpoint(List.of(HERE6.address()), true, true, false, null, "node-1", null)));

  private final ServiceFrontends frontends =
      new ServiceFrontends("node-1", List.of(NODE, NODE6), "");

  private static Service service(
      Service.Type type, boolean localInternally, boolean localExternally, int affinity) {
    return service(
        List.of(CLUSTER_IP, CLUSTER_IP6), type, localInternally, localExternally, affinity);
  }

  private static Service service(
      List<IpAddress> clusterIps,
      Service.Type type,
      boolean localInternally,
      boolean localExternally,
      int affinity) {
    boolean balanced = type == Service.Type.LOAD_BALANCER;
    return new Service(
        new ObjectName("default", "web"),
        type,
        false,
        clusterIps,
        List.of(
            new Service.Port(
                "http",
                Protocol.TCP,
                80,
                new PortRef.Number(8080),
                type == Service.Type.CLUSTER_IP ? 0 : 30080),
            new Service.Port("dns", Protocol.UDP, 53, new PortRef.Number(8053), 0)),
        Map.of(),
        "",
        false,
        new Service.Traffic(
            List.of(EXTERNAL, EXTERNAL6),
            affinity,
            localInternally,
            localExternally,
            0,
            Service.Distribution.EVERYWHERE,
            balanced
                ? new Service.LoadBalancer("", null, List.of(BALANCED, BALANCED6), List.of(OFFICE))
                : Service.LoadBalancer.NONE));
  }

  private VirtualService entry(Service service, IpAddress address, Protocol protocol, int port) {
    VirtualService entry =
        frontends
            .of(service, List.of(SLICE, SLICE6))
            .get(new ServiceTable.Key(address, protocol.number(), port));
    return Objects.requireNonNull(entry);
  }

  @Test
  void shouldHaveAnEntryForEachPortAtEachAddress() {
    Service service = service(Service.Type.LOAD_BALANCER, false, false, 0);
    assertThat(frontends.of(service, List.of(SLICE)).keySet())
        .containsExactlyInAnyOrder(
            key(CLUSTER_IP, Protocol.TCP, 80),
            key(CLUSTER_IP, Protocol.UDP, 53),
            key(CLUSTER_IP6, Protocol.TCP, 80),
            key(CLUSTER_IP6, Protocol.UDP, 53),
            key(NODE, Protocol.TCP, 30080),
            key(EXTERNAL, Protocol.TCP, 80),
            key(EXTERNAL, Protocol.UDP, 53),
            key(BALANCED, Protocol.TCP, 80),
            key(BALANCED, Protocol.UDP, 53),
            key(NODE6, Protocol.TCP, 30080),
            key(EXTERNAL6, Protocol.TCP, 80),
            key(EXTERNAL6, Protocol.UDP, 53),
            key(BALANCED6, Protocol.TCP, 80),
            key(BALANCED6, Protocol.UDP, 53));
    assertThat(entry(service, NODE, Protocol.TCP, 30080).frontend()).isEqualTo(Frontend.NODE_PORT);
    assertThat(entry(service, EXTERNAL, Protocol.TCP, 80).frontend())
        .isEqualTo(Frontend.EXTERNAL_IP);
    assertThat(entry(service, CLUSTER_IP, Protocol.UDP, 53).name()).isEqualTo("default/web:dns");
    assertThat(entry(service, CLUSTER_IP, Protocol.UDP, 53).backends())
        .containsExactly(new Backend(HERE.address(), 8053), new Backend(THERE.address(), 8053));
    assertThat(frontends.of(service, List.of(SLICE)).get(key(CLUSTER_IP6, Protocol.TCP, 80)))
        .satisfies(entry -> assertThat(Objects.requireNonNull(entry).backends()).isEmpty());
  }

  @Test
  void shouldLeadEachFamilyToItsOwnEndpoints() {
    Service service = service(Service.Type.LOAD_BALANCER, false, true, 0);
    for (IpAddress address : List.of(EXTERNAL6, BALANCED6, CLUSTER_IP6)) {
      assertThat(entry(service, address, Protocol.TCP, 80).backends()).containsExactly(HERE6);
    }
    assertThat(entry(service, NODE6, Protocol.TCP, 30080).localBackends()).containsExactly(HERE6);
    assertThat(entry(service, NODE6, Protocol.TCP, 30080).localOnly()).isTrue();
    assertThat(entry(service, NODE, Protocol.TCP, 30080).localBackends()).containsExactly(HERE);
  }

  @Test
  void shouldServeNoFamilyThatTheServiceDoesNotHave() {
    for (IpAddress only : List.of(CLUSTER_IP, CLUSTER_IP6)) {
      Service service = service(List.of(only), Service.Type.LOAD_BALANCER, false, false, 0);
      assertThat(frontends.of(service, List.of(SLICE, SLICE6)).keySet())
          .hasSize(7)
          .allMatch(key -> key.address().isIpv4() == only.isIpv4());
    }
  }

  private static ServiceTable.Key key(IpAddress address, Protocol protocol, int port) {
    return new ServiceTable.Key(address, protocol.number(), port);
  }

  @Test
  void shouldApplyEachTrafficPolicyToItsAddresses() {
    Service external = service(Service.Type.LOAD_BALANCER, false, true, 0);
    Service internal = service(Service.Type.LOAD_BALANCER, true, false, 0);
    for (IpAddress address : List.of(EXTERNAL, BALANCED)) {
      VirtualService local = entry(external, address, Protocol.TCP, 80);
      assertThat(local.localOnly()).isTrue();
      assertThat(local.localBackends()).containsExactly(HERE);
      assertThat(local.backends()).containsExactly(HERE, THERE);
      assertThat(entry(internal, address, Protocol.TCP, 80).localOnly()).isFalse();
    }
    assertThat(entry(external, NODE, Protocol.TCP, 30080).localOnly()).isTrue();
    assertThat(entry(external, CLUSTER_IP, Protocol.TCP, 80).localOnly()).isFalse();
    assertThat(entry(internal, CLUSTER_IP, Protocol.TCP, 80).localOnly()).isTrue();
  }

  @Test
  void shouldLetSourceRangesConcernTheLoadBalancersAddressAlone() {
    Service service = service(Service.Type.LOAD_BALANCER, false, false, 60);
    assertThat(entry(service, BALANCED, Protocol.TCP, 80).sourceRanges()).containsExactly(OFFICE);
    // A range of the other family concerns that family alone.
    assertThat(entry(service, BALANCED6, Protocol.TCP, 80).sourceRanges()).isEmpty();
    assertThat(entry(service, NODE, Protocol.TCP, 30080).sourceRanges()).isEmpty();
    assertThat(entry(service, CLUSTER_IP, Protocol.TCP, 80).affinitySeconds()).isEqualTo(60);
  }

  @Test
  void shouldHaveNoEntryWithoutAnAddress() {
    Service service = service(Service.Type.NODE_PORT, false, false, 0);
    assertThat(new ServiceFrontends("node-1", List.of(), "").of(service, List.of(SLICE)).keySet())
        .extracting(ServiceTable.Key::port)
        .doesNotContain(30080);
    Service headless =
        new Service(
            service.key(),
            Service.Type.CLUSTER_IP,
            true,
            List.of(),
            service.ports(),
            Map.of(),
            "",
            false,
            service.traffic());
    assertThat(frontends.of(headless, List.of(SLICE))).isEmpty();
  }
}
