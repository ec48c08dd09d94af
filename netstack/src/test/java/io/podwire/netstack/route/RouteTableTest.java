package io.podwire.netstack.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.booleans;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class RouteTableTest {

  private record Change(Cidr prefix, boolean put, int route) {}

  /** Few different bits, so that prefixes contain each other. */
  private static Gen<IpAddress> addresses() {
    return booleans()
        .all()
        .zip(
            integers().between(0, 0xff),
            (ipv4, bits) ->
                ipv4
                    ? IpAddress.ofIpv4((bits & 0xf0) << 24 | bits & 0xf)
                    : new IpAddress((long) bits << 56, bits >>> 4));
  }

  private static Gen<Change> changes() {
    return addresses()
        .zip(
            integers().between(0, 128),
            integers().between(0, 6),
            (address, length, action) ->
                new Change(
                    Cidr.around(address, Math.min(length, address.bitLength())),
                    action > 1,
                    action));
  }

  private static Route route(int number) {
    return new Route.Overlay(
        new Vtep("n" + number, IpAddress.ofIpv4(number), 4789, null, IpAddress.ofIpv4(number)));
  }

  private static @Nullable Route naive(Map<Cidr, Route> routes, IpAddress address) {
    return routes.entrySet().stream()
        .filter(entry -> entry.getKey().contains(address))
        .max(Map.Entry.comparingByKey((a, b) -> a.prefixLength() - b.prefixLength()))
        .map(Map.Entry::getValue)
        .orElse(null);
  }

  @Test
  void shouldFindWhatAWalkOverAllRoutesFinds() {
    qt().withExamples(300)
        .forAll(
            lists().of(changes()).ofSizeBetween(0, 40),
            lists().of(addresses()).ofSizeBetween(1, 60))
        .checkAssert(RouteTableTest::compare);
  }

  private static void compare(List<Change> changes, List<IpAddress> addresses) {
    RouteTable table = new RouteTable();
    Map<Cidr, Route> naive = new HashMap<>();
    for (Change change : changes) {
      if (change.put) {
        table.put(change.prefix, route(change.route));
        naive.put(change.prefix, route(change.route));
      } else {
        table.remove(change.prefix, route(2));
        naive.remove(change.prefix, route(2));
      }
    }
    for (IpAddress address : addresses) {
      assertThat(table.lookup(address.high(), address.low()))
          .as("route to %s of %s", address, naive)
          .isEqualTo(naive(naive, address));
    }
  }

  @Test
  void shouldNotMixUpTheFamilies() {
    RouteTable table = new RouteTable();
    table.put(Cidr.parse("0.0.0.0/0"), route(4));
    assertThat(lookup(table, "fd00::1")).isNull();
    table.put(Cidr.parse("::/0"), route(6));
    assertThat(lookup(table, "fd00::1")).isEqualTo(route(6));
    assertThat(lookup(table, "255.255.255.255")).isEqualTo(route(4));
    assertThat(lookup(table, "::")).isEqualTo(route(6));
  }

  @Test
  void shouldCountChangesAlone() {
    RouteTable table = new RouteTable();
    Cidr prefix = Cidr.parse("10.244.1.0/24");
    table.put(prefix, route(1));
    table.put(prefix, route(1));
    assertThat(table.generation()).isEqualTo(1);
    table.put(prefix, route(2));
    table.remove(prefix, route(1));
    assertThat(table.generation()).isEqualTo(2);
    table.remove(prefix, route(2));
    assertThat(table.generation()).isEqualTo(3);
  }

  @Test
  void shouldReplaceARouteAndKeepItFromItsPredecessorsRemoval() {
    RouteTable table = new RouteTable();
    Cidr prefix = Cidr.parse("10.244.1.0/24");
    table.put(prefix, route(1));
    table.put(prefix, route(2));
    table.remove(prefix, route(1));
    assertThat(lookup(table, "10.244.1.9")).isEqualTo(route(2));
    table.remove(prefix, route(2));
    assertThat(lookup(table, "10.244.1.9")).isNull();
  }

  private static @Nullable Route lookup(RouteTable table, String address) {
    IpAddress parsed = IpAddress.parse(address);
    return table.lookup(parsed.high(), parsed.low());
  }
}
