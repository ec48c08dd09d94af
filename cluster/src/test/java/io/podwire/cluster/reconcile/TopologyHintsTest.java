package io.podwire.cluster.reconcile;

import static io.podwire.cluster.reconcile.Cluster.pod;
import static io.podwire.cluster.reconcile.Cluster.port;
import static io.podwire.cluster.reconcile.Cluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.EndpointSlice.Endpoint;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.model.Service.Distribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyHintsTest {

  /**
   * Nodes are letters, of which the first two are in zone x, c is in y, d in z and e in none; each
   * letter of the Pods is one on that node, a capital one is not ready.
   */
  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "EVERYWHERE   | abc | abc       | - - -",
        "SAME_ZONE    | abc | abc       | x x y",
        "SAME_ZONE    | ace | ace       | x y -",
        "SAME_ZONE    | abc | aBc       | x - y",
        "SAME_NODE    | abc | abc       | x/a x/b y/c",
        "SAME_NODE    | ace | ae        | x/a -/e",
        // One node each: the zones' shares are equal.
        "PROPORTIONAL | acd | acd       | x y z",
        "PROPORTIONAL | ac  | aaac      | x x y y",
        "PROPORTIONAL | ac  | aaaaaacccc | x x x x x y y y y y",
        // x has two of three nodes.
        "PROPORTIONAL | abc | aaccaa    | x x y y x x",
        "PROPORTIONAL | abc | cccccc    | y y x x x x",
        // Too few endpoints, one zone only, a node without a zone, no fair share: no hints.
        "PROPORTIONAL | acd | ac        | - -",
        "PROPORTIONAL | ab  | ab        | - -",
        "PROPORTIONAL | ace | aacc      | - - - -",
        "PROPORTIONAL | ac  | aac       | - - -",
        // What is not ready neither counts nor is hinted.
        "PROPORTIONAL | ac  | aaACccb   | x x - - y y -",
      })
  void shouldHintEndpointsAsTheServiceWantsThemSpread(
      Distribution distribution, String nodes, String pods, String hints) {
    assertThat(hints(distribution, nodes, pods)).isEqualTo(hints);
  }

  private static String hints(Distribution distribution, String nodes, String where) {
    List<Pod> pods = new ArrayList<>();
    for (int i = 0; i < where.length(); i++) {
      String node = where.substring(i, i + 1);
      pods.add(
          pod("p%02d".formatted(i))
              .ips("10.244.0." + (i + 1))
              .on(node.toLowerCase(Locale.ROOT))
              .ready(Character.isLowerCase(node.charAt(0)))
              .build());
    }
    NodePlaces places =
        new NodePlaces(
            new TreeSet<>(Arrays.asList(nodes.split(""))),
            Map.of("a", "x", "b", "x", "c", "y", "d", "z"));
    List<EndpointSlice> slices =
        EndpointSliceReconciler.desired(
            spread(distribution), pods, places, List.of(), taken -> false);
    List<EndpointSlice> again =
        EndpointSliceReconciler.desired(spread(distribution), pods, places, slices, taken -> false);
    assertThat(again).isEqualTo(slices);
    return slices.stream()
        .flatMap(slice -> slice.endpoints().stream())
        .map(TopologyHintsTest::text)
        .collect(Collectors.joining(" "));
  }

  private static String text(Endpoint endpoint) {
    String zones = String.join("+", endpoint.topology().forZones());
    String nodes = String.join("+", endpoint.topology().forNodes());
    return (zones.isEmpty() ? "-" : zones) + (nodes.isEmpty() ? "" : "/" + nodes);
  }

  private static Service spread(Distribution distribution) {
    Service plain = service("web", port("", 80, new PortRef.Number(8080)));
    return new Service(
        plain.key(),
        plain.type(),
        false,
        plain.clusterIps(),
        plain.ports(),
        plain.selector(),
        "",
        false,
        new Service.Traffic(
            List.of(), 0, false, false, 0, distribution, Service.LoadBalancer.NONE));
  }
}
