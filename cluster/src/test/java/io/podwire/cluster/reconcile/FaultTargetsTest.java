package io.podwire.cluster.reconcile;

import static io.podwire.cluster.reconcile.Cluster.node;
import static io.podwire.cluster.reconcile.Cluster.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PartitionShape;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Direction;
import io.podwire.cluster.model.FaultRequest.Expression;
import io.podwire.cluster.model.FaultRequest.Mode;
import io.podwire.cluster.model.FaultRequest.Operator;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.FaultTargets.Choices;
import io.podwire.cluster.reconcile.FaultTargets.Resolution;
import io.podwire.cluster.reconcile.FaultTargets.State;
import io.podwire.packet.addr.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FaultTargetsTest {

  private static final PacketEffect LOSS = new PacketEffect.RandomLoss(0.1, 0);
  private static final Map<String, String> WEB = Map.of("app", "web");
  private static final Map<String, String> DB = Map.of("app", "db");

  @Test
  void shouldActOnThePodsOwnLinksWithoutATarget() {
    State state = state(web(1), web(2), db(1));

    assertThat(links(request(LOSS, Direction.TO, labelled(WEB), null), state))
        .containsExactlyInAnyOrder("web-1 egress", "web-2 egress");
    assertThat(links(request(LOSS, Direction.FROM, labelled(WEB), null), state))
        .containsExactlyInAnyOrder("web-1 ingress", "web-2 ingress");
  }

  @Test
  void shouldMeetEachPacketOnceWhereBothDirectionsAreMeant() {
    State state = state(web(1), web(2), db(1));

    assertThat(links(request(LOSS, Direction.BOTH, labelled(WEB), null), state))
        .containsExactlyInAnyOrder(
            "web-1 egress",
            "web-1 ingress not 10.244.0.2/32",
            "web-2 egress",
            "web-2 ingress not 10.244.0.1/32");
  }

  @Test
  void shouldActOnTheTargetsLinks() {
    State state = state(web(1), web(2), db(1));

    assertThat(links(request(LOSS, Direction.TO, labelled(WEB), labelled(DB)), state))
        .containsExactly("db-1 ingress of 10.244.0.1/32,10.244.0.2/32");
    assertThat(links(request(LOSS, Direction.FROM, labelled(WEB), labelled(DB)), state))
        .containsExactly("db-1 egress of 10.244.0.1/32,10.244.0.2/32");
  }

  @Test
  void shouldMeetServicesClientsToo() {
    Service service = Cluster.service("web");
    State state =
        new State(
            List.of(web(1), web(2), db(1)),
            List.of(node("n1")),
            List.of(service),
            List.of(slice("web", "web-1", "web-2")));

    assertThat(links(request(LOSS, Direction.FROM, labelled(WEB), labelled(DB)), state))
        .containsExactly("db-1 egress of 10.96.0.20/32,10.244.0.1/32,10.244.0.2/32");
  }

  @Test
  void shouldPartAtBothEnds() {
    PacketEffect cut = new PacketEffect.Blackhole();
    State state = state(web(1), db(1));

    assertThat(links(request(cut, Direction.BOTH, labelled(WEB), labelled(DB)), state))
        .containsExactlyInAnyOrder(
            "db-1 ingress of 10.244.0.1/32",
            "db-1 egress of 10.244.0.1/32",
            "web-1 egress of 10.244.1.1/32",
            "web-1 ingress of 10.244.1.1/32");
  }

  @Test
  void shouldSeePortsFromTheTargetsEnd() {
    TrafficFilter toPort80 =
        new TrafficFilter(
            List.of(), List.of(), 6, List.of(), List.of(new PortRange(80, 80)), List.of());
    FaultRequest request =
        with(request(LOSS, Direction.TO, labelled(WEB), labelled(DB)), toPort80, List.of());

    assertThat(FaultTargets.resolve(request, state(web(1), db(1)), Choices.NONE).links())
        .singleElement()
        .satisfies(link -> {
          assertThat(link.filter().localPorts()).containsExactly(new PortRange(80, 80));
          assertThat(link.filter().peerPorts()).isEmpty();
        });
  }

  @Test
  void shouldNotMeanEverybodyWhereTheOtherEndHasNoAddress() {
    Pod starting = pod("web-9").build();

    assertThat(
            links(request(LOSS, Direction.TO, labelled(WEB), labelled(DB)), state(starting, db(1))))
        .isEmpty();
    assertThat(FaultTargets.resolve(dns(labelled(WEB)), state(starting), Choices.NONE).dnsClients())
        .containsExactly(Cidr.parse("0.0.0.0/32"));
  }

  @Test
  void shouldActOnUplinks() {
    FaultRequest request =
        new FaultRequest(
            NetworkFault.key("NetworkFault", "default", "f"),
            "u",
            new FaultSpec(7, List.of(LOSS), List.of(), null, null, null),
            FaultRequest.Links.NODES,
            Direction.TO,
            onNodes("n1"),
            onNodes("n2"),
            List.of(),
            null,
            TrafficFilter.ALL,
            Duration.ZERO,
            10_000,
            0);
    State state =
        new State(
            List.of(),
            List.of(
                Cluster.withPodCidrs(node("n1"), "10.244.1.0/24"),
                Cluster.withPodCidrs(node("n2"), "10.244.2.0/24")),
            List.of(),
            List.of());

    assertThat(FaultTargets.resolve(request, state, Choices.NONE).links())
        .singleElement()
        .satisfies(link -> {
          assertThat(link.name()).isEqualTo("Node n1");
          assertThat(link.filter().peers()).containsExactly(Cidr.parse("10.244.2.0/24"));
        });
  }

  @Test
  void shouldNameTheSelectorThatMatchesNothing() {
    Resolution resolution =
        FaultTargets.resolve(
            request(LOSS, Direction.TO, labelled(WEB), labelled(DB)), state(web(1)), Choices.NONE);

    assertThat(resolution.unmatched()).containsOnly(Map.entry("spec.target", "matches no Pod"));
    assertThat(
            FaultTargets.resolve(
                    parted(PartitionShape.MINORITY_THIRD), state(web(1), web(2)), Choices.NONE)
                .unmatched())
        .containsOnly(Map.entry("spec.selector", "matches 2; this partition parts 4 or more"));
  }

  @Test
  void shouldHonourEveryMemberOfASelector() {
    State state =
        state(
            web(1),
            pod("web-2").labels(Map.of("app", "web", "tier", "back")).ips("10.244.0.2").build(),
            pod("web-3").on("n2").ips("10.244.0.3").build(),
            pod("web-4").phase(PodPhase.PENDING).on("n1").build(),
            pod("web-5").phase(PodPhase.SUCCEEDED).build());
    Choice choice =
        new Choice(
            List.of("default"),
            Map.of(),
            List.of("n1"),
            Map.of(),
            WEB,
            List.of(
                new Expression("app", Operator.IN, List.of("web", "x")),
                new Expression("tier", Operator.DOES_NOT_EXIST, List.of())),
            List.of(),
            List.of("Running"),
            Mode.ALL,
            0);

    assertThat(links(request(LOSS, Direction.TO, choice, null), state))
        .containsExactly("web-1 egress");
  }

  @Test
  void shouldKeepItsChoiceWhileThePodsAreThere() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      int size = 2 + random.nextInt(8);
      int wanted = 1 + random.nextInt(size);
      List<Pod> pods = new ArrayList<>();
      for (int i = 1; i <= size; i++) {
        pods.add(web(i));
      }
      FaultRequest request = request(random.nextLong(), mode(Mode.FIXED, wanted));
      Resolution first = resolve(request, pods, Choices.NONE);
      assertThat(first.links()).hasSize(wanted);
      assertThat(resolve(request, pods, Choices.NONE)).isEqualTo(first);

      pods.add(web(size + 1));
      Resolution grown = resolve(request, pods, first.chosen());
      assertThat(grown.chosen()).isEqualTo(first.chosen());

      String gone = first.chosen().members().get(0);
      pods.removeIf(pod -> pod.key().toString().equals(gone));
      List<String> after = resolve(request, pods, grown.chosen()).chosen().members();
      assertThat(after).hasSize(wanted).doesNotContain(gone);
      assertThat(after)
          .containsAll(first.chosen().members().subList(1, first.chosen().members().size()));
    }
  }

  @Test
  void shouldRoundSharesAsChaosMeshDoes() {
    List<Pod> pods = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      pods.add(web(i));
    }
    assertThat(resolve(request(1, mode(Mode.FIXED_PERCENT, 50)), pods, Choices.NONE).links())
        .hasSize(4);
    assertThat(resolve(request(1, mode(Mode.FIXED_PERCENT, 10)), pods, Choices.NONE).unmatched())
        .containsEntry("spec.selector", "matches 9 Pods, but its mode chooses none of them");
    Set<Integer> counts = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      counts.add(
          resolve(request(seed, mode(Mode.RANDOM_MAX_PERCENT, 50)), pods, Choices.NONE)
              .links()
              .size());
    }
    assertThat(counts).containsExactlyInAnyOrder(1, 2, 3, 4);
  }

  @Test
  void shouldChooseEveryPodByTheSameChance() {
    List<Pod> pods = List.of(web(1), web(2), web(3), web(4));
    Map<String, Integer> chosen = new HashMap<>();
    for (long seed = 0; seed < 4000; seed++) {
      chosen.merge(
          resolve(request(seed, mode(Mode.ONE, 0)), pods, Choices.NONE).chosen().members().get(0),
          1,
          Integer::sum);
    }
    assertThat(chosen).hasSize(4);
    assertThat(chosen.values()).allSatisfy(times -> assertThat(times).isBetween(900, 1100));
  }

  @Test
  void shouldNeverPlaceAFaultOnALinkTwice() {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      List<Pod> pods = new ArrayList<>();
      for (int i = 1; i <= 1 + random.nextInt(5); i++) {
        pods.add(web(i));
        pods.add(db(i));
      }
      Direction direction = Direction.values()[random.nextInt(3)];
      Choice selector = labelled(random.nextBoolean() ? WEB : Map.of());
      Choice target =
          random.nextInt(3) == 0 ? null : labelled(random.nextBoolean() ? DB : Map.of());
      List<Cidr> external = random.nextBoolean() ? List.of() : List.of(Cidr.parse("10.244.0.0/16"));
      FaultRequest request =
          with(request(LOSS, direction, selector, target), TrafficFilter.ALL, external);
      Resolution resolution =
          FaultTargets.resolve(request, state(pods.toArray(Pod[]::new)), Choices.NONE);

      assertThat(resolution.links()).doesNotHaveDuplicates();
      assertEveryPacketMeetsItOnce(pods, resolution.links());
      assertThat(FaultTargets.resolve(request, state(pods.toArray(Pod[]::new)), Choices.NONE))
          .isEqualTo(resolution);
    }
  }

  private static void assertEveryPacketMeetsItOnce(List<Pod> pods, List<FaultLink> links) {
    for (Pod sender : pods) {
      for (Pod receiver : pods) {
        if (sender != receiver) {
          assertThat(met(sender, receiver, links)).isLessThanOrEqualTo(1);
        }
      }
    }
  }

  static long met(Pod sender, Pod receiver, List<FaultLink> links) {
    return links.stream()
        .filter(link ->
            link.direction() == FaultLink.Direction.EGRESS
                ? link.pod().equals(sender.key().toString()) && isPeer(link, receiver)
                : link.pod().equals(receiver.key().toString()) && isPeer(link, sender))
        .count();
  }

  private static boolean isPeer(FaultLink link, Pod pod) {
    Cidr address = Cidr.host(pod.podIps().get(0));
    return (link.filter().peers().isEmpty()
            || link.filter().peers().stream().anyMatch(peer -> peer.contains(address)))
        && link.filter().excludedPeers().stream().noneMatch(peer -> peer.contains(address));
  }

  @Test
  void shouldCutThePairsThatAShapeNames() {
    List<Pod> pods = List.of(web(1), web(2), web(3), web(4), web(5));
    for (PartitionShape shape : PartitionShape.values()) {
      Resolution resolution = resolve(parted(shape), pods, Choices.NONE);
      List<String> members = resolution.chosen().members();
      Map<String, List<String>> cuts = PartitionCuts.of(shape, members);
      for (Pod sender : pods) {
        for (Pod receiver : pods) {
          boolean cut =
              cuts.getOrDefault(receiver.key().toString(), List.of())
                  .contains(sender.key().toString());
          assertThat(met(sender, receiver, resolution.links()) > 0)
              .as(shape + ": " + sender.key() + " to " + receiver.key())
              .isEqualTo(cut);
        }
      }
      assertThat(resolution.links()).doesNotHaveDuplicates();
    }
  }

  private static Pod web(int number) {
    return pod("web-" + number).ips("10.244.0." + number).build();
  }

  private static Pod db(int number) {
    return pod("db-" + number).labels(DB).ips("10.244.1." + number).build();
  }

  private static EndpointSlice slice(String service, String... pods) {
    return new EndpointSlice(
        new ObjectName("default", service + "-x"),
        service,
        List.of(),
        Arrays.stream(pods)
            .map(pod -> new EndpointSlice.Endpoint(List.of(), true, true, false, null, "n1", pod))
            .toList());
  }

  private static State state(Pod... pods) {
    return new State(List.of(pods), List.of(node("n1"), node("n2")), List.of(), List.of());
  }

  private static Resolution resolve(FaultRequest request, List<Pod> pods, Choices before) {
    return FaultTargets.resolve(request, state(pods.toArray(Pod[]::new)), before);
  }

  private static List<String> links(FaultRequest request, State state) {
    return FaultTargets.resolve(request, state, Choices.NONE).links().stream()
        .map(FaultTargetsTest::text)
        .toList();
  }

  private static String text(FaultLink link) {
    String text =
        link.pod().substring("default/".length())
            + " "
            + link.direction().name().toLowerCase(Locale.ROOT);
    if (!link.filter().peers().isEmpty()) {
      text += " of " + joined(link.filter().peers());
    }
    if (!link.filter().excludedPeers().isEmpty()) {
      text += " not " + joined(link.filter().excludedPeers());
    }
    return text;
  }

  private static String joined(List<Cidr> cidrs) {
    return String.join(",", cidrs.stream().map(Cidr::toString).toList());
  }

  private static Choice labelled(Map<String, String> labels) {
    return choice(labels, List.of(), Mode.ALL, 0);
  }

  private static Choice mode(Mode mode, int value) {
    return choice(WEB, List.of(), mode, value);
  }

  private static Choice onNodes(String... nodes) {
    return choice(Map.of(), List.of(nodes), Mode.ALL, 0);
  }

  private static Choice choice(
      Map<String, String> labels, List<String> nodes, Mode mode, int value) {
    return new Choice(
        List.of(), Map.of(), nodes, Map.of(), labels, List.of(), List.of(), List.of(), mode, value);
  }

  private static FaultRequest request(long seed, Choice selector) {
    return request(
        new FaultSpec(seed, List.of(LOSS), List.of(), null, null, null),
        Direction.TO,
        selector,
        null,
        null);
  }

  private static FaultRequest dns(Choice selector) {
    DnsEffect effect =
        new DnsEffect(DnsEffect.Action.NXDOMAIN, List.of(), List.of(), List.of(), Duration.ZERO, 1);
    return request(
        new FaultSpec(1, List.of(), List.of(), effect, null, null),
        Direction.TO,
        selector,
        null,
        null);
  }

  private static FaultRequest parted(PartitionShape shape) {
    return request(
        new FaultSpec(5, List.of(new PacketEffect.Blackhole()), List.of(), null, null, null),
        Direction.BOTH,
        labelled(WEB),
        null,
        shape);
  }

  private static FaultRequest request(
      PacketEffect effect, Direction direction, Choice selector, @Nullable Choice target) {
    return request(
        new FaultSpec(7, List.of(effect), List.of(), null, null, null),
        direction,
        selector,
        target,
        null);
  }

  private static FaultRequest request(
      FaultSpec spec,
      Direction direction,
      Choice selector,
      @Nullable Choice target,
      @Nullable PartitionShape shape) {
    return new FaultRequest(
        NetworkFault.key("NetworkFault", "default", "f"),
        "u",
        spec,
        FaultRequest.Links.PODS,
        direction,
        selector,
        target,
        List.of(),
        shape,
        TrafficFilter.ALL,
        Duration.ZERO,
        10_000,
        0);
  }

  private static FaultRequest with(
      FaultRequest request, TrafficFilter filter, List<Cidr> external) {
    return new FaultRequest(
        request.key(),
        request.uid(),
        request.spec(),
        request.links(),
        request.direction(),
        request.selector(),
        request.target(),
        external,
        request.shape(),
        filter,
        request.duration(),
        request.leaseMillis(),
        request.heartbeatMillis());
  }
}
