package io.podwire.cluster.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadBalancerReconcilerTest {

  private static final Cidr POOL = Cidr.parse("192.0.2.0/29");

  /** Each Service is its name, +address where it has that, ?address where it asks for it. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a b                          | a=192.0.2.1 b=192.0.2.2",
        "a+192.0.2.5 b                | a=192.0.2.5 b=192.0.2.1",
        "a b?192.0.2.1                | a=192.0.2.2 b=192.0.2.1",
        "a b+192.0.2.1                | a=192.0.2.2 b=192.0.2.1",
        // Two with one address: the first keeps it.
        "a+192.0.2.1 b+192.0.2.1      | a=192.0.2.1 b=192.0.2.2",
        // Asked for what another one holds: none until it is free.
        "a+192.0.2.1 b?192.0.2.1      | a=192.0.2.1 b=",
        "a+192.0.2.1?192.0.2.3        | a=192.0.2.3",
        // Not of the pool, its base, its broadcast address.
        "a+198.51.100.1               | a=192.0.2.1",
        "a?198.51.100.1               | a=",
        "a?192.0.2.0 b?192.0.2.7      | a= b=",
        "a b c d e f g                | a=192.0.2.1 b=192.0.2.2 c=192.0.2.3 d=192.0.2.4"
            + " e=192.0.2.5 f=192.0.2.6 g=",
      })
  void shouldGiveEachServiceAnAddressOfItsOwn(String services, String expected) {
    assertThat(text(assign(POOL, services.split(" ")))).isEqualTo(expected);
  }

  @Test
  void shouldLeaveOthersLoadBalancersAlone() {
    assertThat(
            LoadBalancerReconciler.addresses(
                List.of(service("a", "example.com/other", null, List.of())), List.of(POOL)))
        .isEmpty();
  }

  @Test
  void shouldChangeNothingOnceAssigned() {
    Map<String, List<IpAddress>> first = assign(POOL, "a", "b", "c");
    String[] again =
        first.entrySet().stream()
            .map(entry -> entry.getKey() + "+" + entry.getValue().get(0))
            .toArray(String[]::new);
    assertThat(assign(POOL, again)).isEqualTo(first);
  }

  private static Map<String, List<IpAddress>> assign(Cidr pool, String... services) {
    Map<String, List<IpAddress>> byName = new TreeMap<>();
    LoadBalancerReconciler.addresses(
            Arrays.stream(services).map(LoadBalancerReconcilerTest::service).toList(),
            List.of(pool))
        .forEach((name, addresses) -> byName.put(name.name(), addresses));
    return byName;
  }

  private static String text(Map<String, List<IpAddress>> assigned) {
    return assigned.entrySet().stream()
        .map(entry ->
            entry.getKey()
                + "="
                + entry.getValue().stream()
                    .map(IpAddress::toString)
                    .collect(Collectors.joining("+")))
        .collect(Collectors.joining(" "));
  }

  private static Service service(String text) {
    String[] wish = text.split("\\?");
    String[] held = wish[0].split("\\+");
    return service(
        held[0],
        "",
        wish.length > 1 ? IpAddress.parse(wish[1]) : null,
        held.length > 1 ? List.of(IpAddress.parse(held[1])) : List.of());
  }

  private static Service service(
      String name, String balancerClass, @Nullable IpAddress wish, List<IpAddress> held) {
    return new Service(
        new ObjectName("default", name),
        Service.Type.LOAD_BALANCER,
        false,
        List.of(IpAddress.parse("10.96.0.20")),
        List.of(),
        Map.of(),
        "",
        false,
        new Service.Traffic(
            List.of(),
            0,
            false,
            false,
            0,
            Service.Distribution.EVERYWHERE,
            new Service.LoadBalancer(balancerClass, wish, held, List.of())));
  }
}
