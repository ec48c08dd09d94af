package io.podwire.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.agent.expose.Exposure;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExposedServicesTest {

  private static final List<String> NODES = List.of("n1", "n2", "n3");
  private static final IpAddress BALANCED = IpAddress.parse("100.64.0.1");
  private static final IpAddress EXTERNAL = IpAddress.parse("192.0.2.7");
  private static final IpAddress NODE = IpAddress.parse("172.30.0.11");
  private static final IpAddress POD = IpAddress.parse("10.244.0.5");

  private final Map<String, ExposedServices> agents = new HashMap<>();

  ExposedServicesTest() {
    for (String name : NODES) {
      ExposedServices agent = new ExposedServices(name);
      agents.put(name, agent);
      NODES.forEach(node -> agent.upsert(node(node, true)));
    }
  }

  private static Node node(String name, boolean ready) {
    return new Node(name, null, null, 4789, 10250, List.of(), ready, false, Map.of());
  }

  private static Service service(boolean local, int healthCheckPort) {
    return new Service(
        new ObjectName("default", "web"),
        Service.Type.LOAD_BALANCER,
        false,
        List.of(),
        List.of(),
        Map.of(),
        "",
        false,
        new Service.Traffic(
            List.of(EXTERNAL),
            0,
            false,
            local,
            healthCheckPort,
            Service.Distribution.EVERYWHERE,
            new Service.LoadBalancer("", null, List.of(BALANCED), List.of())));
  }

  private static ServiceTable.Key key(IpAddress address) {
    return new ServiceTable.Key(address, 6, 80);
  }

  private void put(Service service, Map<String, Set<IpAddress>> ready) {
    Map<ServiceTable.Key, VirtualService> entries = new HashMap<>();
    entries.put(key(BALANCED), entry(Frontend.LOAD_BALANCER));
    entries.put(key(EXTERNAL), entry(Frontend.EXTERNAL_IP));
    entries.put(key(NODE), entry(Frontend.NODE_PORT));
    entries.put(key(IpAddress.parse("10.96.0.20")), entry(Frontend.CLUSTER_IP));
    agents.values().forEach(agent -> agent.put(service, entries, ready));
  }

  private static VirtualService entry(Frontend frontend) {
    return new VirtualService("default/web", frontend, List.of(), List.of(), false, 0, List.of());
  }

  private Set<String> announcers() {
    Set<String> announcers = new TreeSet<>();
    agents.forEach((name, agent) -> {
      if (agent.result().announced().contains(BALANCED)) {
        announcers.add(name);
      }
    });
    return announcers;
  }

  @Test
  void shouldAgreeOnOneNodeThatAnnouncesAndMoveWhenItGoes() {
    put(service(false, 0), Map.of());
    Set<String> first = announcers();
    assertThat(first).hasSize(1);

    agents.values().forEach(agent -> agent.upsert(node(first.iterator().next(), false)));
    assertThat(announcers()).hasSize(1).doesNotContainAnyElementsOf(first);
  }

  @Test
  void shouldAnnounceWhereEndpointsAreWithTheLocalPolicy() {
    for (String only : NODES) {
      put(service(true, 0), Map.of(only, Set.of(POD)));
      assertThat(announcers()).containsExactly(only);
    }
    put(service(true, 0), Map.of());
    assertThat(announcers()).hasSize(1);
  }

  @Test
  void shouldSteerAllThatIsForClientsOutside() {
    put(service(false, 0), Map.of());
    for (ExposedServices agent : agents.values()) {
      assertThat(agent.result().steered())
          .containsExactlyInAnyOrder(key(BALANCED), key(EXTERNAL), key(NODE));
    }
  }

  @Test
  void shouldCountItsOwnReadyEndpointsForTheHealthCheck() {
    put(service(true, 31_000), Map.of("n2", Set.of(POD, POD.plus(1))));
    assertThat(check("n2").localEndpoints()).isEqualTo(2);
    assertThat(check("n3").localEndpoints()).isZero();
  }

  private Exposure.HealthCheck check(String node) {
    Exposure.HealthCheck check =
        agents.getOrDefault(node, new ExposedServices(node)).result().healthChecks().get(31_000);
    return Objects.requireNonNull(check);
  }

  @Test
  void shouldChangeNothingWhereNothingHasChanged() {
    put(service(true, 31_000), Map.of("n2", Set.of(POD)));
    agents.values().forEach(ExposedServices::result);
    put(service(true, 31_000), Map.of("n2", Set.of(POD)));
    assertThat(agents.values()).noneMatch(ExposedServices::isChanged);
  }
}
