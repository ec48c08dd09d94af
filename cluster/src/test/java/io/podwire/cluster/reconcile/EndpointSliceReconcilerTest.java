package io.podwire.cluster.reconcile;

import static io.podwire.cluster.reconcile.Cluster.pod;
import static io.podwire.cluster.reconcile.Cluster.port;
import static io.podwire.cluster.reconcile.Cluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointSliceReconcilerTest {

  private static final Service WEB = service("web", port("", 80, new PortRef.Number(8080)));
  private static final NodePlaces NODES = new NodePlaces(Set.of("n1"), Map.of("n1", "a"));
  private static final Service NAMED = service("web", port("http", 80, new PortRef.Named("web")));

  @Test
  void shouldListMatchingPodsThatHaveAnAddressAndMayRun() {
    List<EndpointSlice> slices =
        desired(
            WEB,
            List.of(
                pod("in").ips("10.244.0.5").build(),
                pod("other").ips("10.244.0.6").labels(Map.of("app", "db")).build(),
                pod("starting").build(),
                pod("done").ips("10.244.0.7").phase(PodPhase.SUCCEEDED).build()));

    assertThat(slices).hasSize(1);
    assertThat(slices.get(0).serviceName()).isEqualTo("web");
    assertThat(slices.get(0).key().name()).matches("web-[a-z2-9]{5}");
    assertThat(slices.get(0).ports()).hasSize(1);
    assertThat(slices.get(0).ports().get(0).port()).isEqualTo(8080);
    assertThat(podNames(slices)).containsExactly("in");
    assertThat(endpoint(slices, "in").nodeName()).isEqualTo("n1");
  }

  @Test
  void shouldTellReadyServingAndTerminatingApart() {
    List<EndpointSlice> slices =
        desired(
            WEB,
            List.of(
                pod("ready").ips("10.244.0.1").build(),
                pod("unready").ips("10.244.0.2").ready(false).build(),
                pod("leaving").ips("10.244.0.3").terminating().build(),
                pod("dead").ips("10.244.0.4").on("lost").build()));

    assertThat(conditions(slices, "ready")).isEqualTo("ready serving");
    assertThat(conditions(slices, "unready")).isEmpty();
    assertThat(conditions(slices, "leaving")).isEqualTo("serving terminating");
    assertThat(conditions(slices, "dead")).isEmpty();
  }

  @Test
  void shouldPublishNotReadyAddressesWhereAskedTo() {
    Service publishing =
        new Service(WEB.key(), WEB.type(), true, List.of(), WEB.ports(), WEB.selector(), "", true);

    List<EndpointSlice> slices =
        desired(
            publishing,
            List.of(
                pod("a").ips("10.244.0.2").ready(false).build(),
                pod("b").ips("10.244.0.3").terminating().build()));

    assertThat(conditions(slices, "a")).isEqualTo("ready");
    assertThat(conditions(slices, "b")).isEqualTo("ready serving terminating");
  }

  @Test
  void shouldResolveNamedPortsForEachPod() {
    List<EndpointSlice> slices =
        desired(
            NAMED,
            List.of(
                pod("old").ips("10.244.0.1").port("web", 8080).build(),
                pod("new").ips("10.244.0.2").port("web", 9090).build(),
                pod("none").ips("10.244.0.3").build()));

    assertThat(slices).hasSize(3);
    assertThat(slices)
        .extracting(slice ->
            slice.endpoints().get(0).podName()
                + slice.ports().stream().map(EndpointSlice.Port::port).toList())
        .containsExactlyInAnyOrder("old[8080]", "new[9090]", "none[]");
  }

  @Test
  void shouldGiveAHostnameOnlyWhereTheSubdomainIsTheService() {
    List<EndpointSlice> slices =
        desired(
            WEB,
            List.of(
                pod("mine").ips("10.244.0.1").hostname("db-0", "web").build(),
                pod("other").ips("10.244.0.2").hostname("db-1", "else").build()));

    assertThat(endpoint(slices, "mine").hostname()).isEqualTo("db-0");
    assertThat(endpoint(slices, "other").hostname()).isNull();
  }

  @Test
  void shouldKeepOneEmptySliceOfAServiceWithoutEndpoints() {
    List<EndpointSlice> first = desired(WEB, List.of(pod("a").ips("10.244.0.1").build()));
    List<EndpointSlice> none = again(WEB, List.of(), first);

    assertThat(none).hasSize(1);
    assertThat(none.get(0).endpoints()).isEmpty();
    assertThat(none.get(0).key()).isEqualTo(first.get(0).key());
    assertThat(again(WEB, List.of(pod("a").ips("10.244.0.1").build()), none)).isEqualTo(first);
  }

  @Test
  void shouldHoldAtMostAHundredEndpointsASliceAndMoveNone() {
    List<Pod> pods = pods(250);
    List<EndpointSlice> slices = desired(WEB, pods);
    assertThat(slices).extracting(slice -> slice.endpoints().size()).containsOnly(100, 50);

    List<Pod> fewer = new ArrayList<>(pods);
    fewer.remove(120);
    fewer.remove(3);
    List<EndpointSlice> after = again(WEB, fewer, slices);

    assertThat(podNames(after)).hasSize(248);
    assertThat(after).hasSize(3);
    for (EndpointSlice slice : after) {
      assertThat(slices.stream().filter(before -> before.key().equals(slice.key())))
          .singleElement()
          .satisfies(before ->
              assertThat(podNames(List.of(before))).containsAll(podNames(List.of(slice))));
    }
    assertThat(again(WEB, fewer, after)).isEqualTo(after);
  }

  @Test
  void shouldFillGapsBeforeOpeningASlice() {
    List<EndpointSlice> slices = desired(WEB, pods(150));

    List<EndpointSlice> after = again(WEB, pods(200), slices);

    assertThat(after).hasSize(2);
    assertThat(new HashSet<>(podNames(after))).hasSize(200);
  }

  @Test
  void shouldChangeASliceInPlaceWhenThePortChanges() {
    List<Pod> pods = pods(3);
    List<EndpointSlice> before = desired(WEB, pods);

    List<EndpointSlice> after =
        again(service("web", port("", 80, new PortRef.Number(9090))), pods, before);

    assertThat(after).hasSize(1);
    assertThat(after.get(0).key()).isEqualTo(before.get(0).key());
    assertThat(after.get(0).ports().get(0).port()).isEqualTo(9090);
  }

  @Test
  void shouldAvoidTheNameOfAHandWrittenSlice() {
    String name = desired(WEB, pods(1)).get(0).key().name();

    List<EndpointSlice> slices =
        EndpointSliceReconciler.desired(
            WEB, pods(1), NODES, List.of(), taken -> taken.equals(name));

    assertThat(slices.get(0).key().name()).isNotEqualTo(name);
  }

  @Test
  void shouldKeepTheFamiliesOfTheServiceApart() {
    Pod dual = pod("dual").ips("10.244.0.1", "fd00::1").build();
    Service headless =
        new Service(WEB.key(), WEB.type(), true, List.of(), WEB.ports(), WEB.selector(), "", false);

    assertThat(desired(WEB, List.of(dual))).hasSize(1);
    assertThat(desired(headless, List.of(dual))).hasSize(2);
  }

  private static List<Pod> pods(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> pod("p%03d".formatted(i)).ips("10.244.1." + i % 256).build())
        .toList();
  }

  private static List<EndpointSlice> desired(Service service, Collection<Pod> pods) {
    return again(service, pods, List.of());
  }

  private static List<EndpointSlice> again(
      Service service, Collection<Pod> pods, List<EndpointSlice> existing) {
    return EndpointSliceReconciler.desired(service, pods, NODES, existing, taken -> false);
  }

  private static List<String> podNames(List<EndpointSlice> slices) {
    return slices.stream()
        .flatMap(slice -> slice.endpoints().stream())
        .map(endpoint -> String.valueOf(endpoint.podName()))
        .toList();
  }

  private static EndpointSlice.Endpoint endpoint(List<EndpointSlice> slices, String pod) {
    return slices.stream()
        .flatMap(slice -> slice.endpoints().stream())
        .filter(endpoint -> pod.equals(endpoint.podName()))
        .findFirst()
        .orElseThrow();
  }

  private static String conditions(List<EndpointSlice> slices, String pod) {
    EndpointSlice.Endpoint endpoint = endpoint(slices, pod);
    List<String> words = new ArrayList<>();
    if (endpoint.ready()) {
      words.add("ready");
    }
    if (endpoint.serving()) {
      words.add("serving");
    }
    if (endpoint.terminating()) {
      words.add("terminating");
    }
    return String.join(" ", words);
  }
}
