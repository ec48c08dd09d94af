package io.podwire.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.EndpointSlice.Endpoint;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.packet.addr.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServiceBindingsTest {

  private static final IpAddress SERVICES = IpAddress.parse("10.96.0.0");
  private static final IpAddress PODS = IpAddress.parse("10.244.0.0");

  private final ServiceTable table = new ServiceTable();
  private final ServiceBindings bindings = new ServiceBindings(table, "node-1", List.of());

  private static ObjectName name(int number) {
    return new ObjectName("default", "s" + number);
  }

  private static Service service(int number, int address) {
    return new Service(
        name(number),
        Service.Type.CLUSTER_IP,
        false,
        List.of(SERVICES.plus(address)),
        List.of(
            new Service.Port("dns", Protocol.UDP, 53, new PortRef.Number(53), 0),
            new Service.Port("web", Protocol.TCP, 80, new PortRef.Number(80), 0)),
        Map.of(),
        "",
        false);
  }

  private static Endpoint endpoint(int pod, boolean ready) {
    return new Endpoint(List.of(PODS.plus(pod)), ready, ready, false, null, null, null);
  }

  private static EndpointSlice slice(int service, int slice, Endpoint... endpoints) {
    return new EndpointSlice(
        new ObjectName("default", "s" + service + "-" + slice),
        "s" + service,
        List.of(
            new EndpointSlice.Port("dns", Protocol.UDP, 53),
            new EndpointSlice.Port("web", Protocol.TCP, 80)),
        List.of(endpoints));
  }

  /** How many ports of the table a step has changed. */
  private long changes(Runnable step) {
    long before = table.generation();
    step.run();
    bindings.bind();
    return table.generation() - before;
  }

  private void fill(int services) {
    for (int i = 0; i < services; i++) {
      bindings.upsert(service(i, i + 1));
      bindings.upsert(slice(i, 0, endpoint(i, true), endpoint(i + 1, true)));
    }
  }

  @Test
  void shouldChangeNothingButThePortsOfTheServiceWhoseEndpointChanged() {
    assertThat(changes(() -> fill(10_000))).isEqualTo(20_000);
    assertThat(
            changes(() -> bindings.upsert(slice(77, 0, endpoint(77, true), endpoint(78, false)))))
        .isEqualTo(2);
    assertThat(changes(() -> bindings.removeSlice(new ObjectName("default", "s77-0"))))
        .isEqualTo(2);
    assertThat(changes(() -> bindings.removeService(name(77)))).isEqualTo(2);
    assertThat(table.size()).isEqualTo(19_998);
  }

  @Test
  void shouldChangeNothingWhereTheSameComesAgain() {
    changes(() -> fill(100));
    assertThat(changes(() -> fill(100))).isZero();
    Set<ObjectName> services = new HashSet<>();
    Set<ObjectName> slices = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      services.add(name(i));
      slices.add(new ObjectName("default", "s" + i + "-0"));
    }
    assertThat(changes(() -> retain(services, slices))).isZero();
    services.remove(name(5));
    assertThat(changes(() -> retain(services, slices))).isEqualTo(2);
  }

  private void retain(Set<ObjectName> services, Set<ObjectName> slices) {
    bindings.retainServices(services);
    bindings.retainSlices(slices);
  }

  @Test
  void shouldBindAServiceOnceHoweverManyOfItsSlicesChange() {
    bindings.upsert(service(1, 1));
    assertThat(
            changes(() ->
                IntStream.range(0, 50)
                    .forEach(i -> bindings.upsert(slice(1, i, endpoint(i, true))))))
        .isEqualTo(2);
  }

  @Test
  void shouldKeepAnAddressThatAnotherServiceHasTakenInTheSameStep() {
    bindings.upsert(service(1, 9));
    bindings.bind();
    bindings.upsert(service(2, 9));
    bindings.removeService(name(1));
    bindings.bind();

    assertThat(table.size()).isEqualTo(2);
    assertThat(table.isServiceAddress(SERVICES.plus(9))).isTrue();
  }
}
