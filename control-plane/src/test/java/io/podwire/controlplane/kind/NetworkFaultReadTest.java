package io.podwire.controlplane.kind;

import static io.podwire.controlplane.kind.FaultManifest.bare;
import static io.podwire.controlplane.kind.FaultManifest.networkFault;
import static io.podwire.controlplane.kind.FaultManifest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.NodeEffect;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PacketEffect.Distribution;
import io.podwire.cluster.fault.PartitionShape;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.Toxic;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Direction;
import io.podwire.cluster.model.FaultRequest.Expression;
import io.podwire.cluster.model.FaultRequest.Links;
import io.podwire.cluster.model.FaultRequest.Mode;
import io.podwire.cluster.model.FaultRequest.Operator;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkFaultReadTest {

  private static final Duration NONE = Duration.ZERO;

  static Stream<Arguments> packetEffects() {
    return Stream.of(
        arguments(
            "delay: {latency: 100ms}",
            List.of(new PacketEffect.Delay(millis(100), NONE, 0, Distribution.UNIFORM))),
        arguments(
            "delay: {latency: 100ms, jitter: 10ms, correlation: 25%, distribution: paretonormal}",
            List.of(
                new PacketEffect.Delay(millis(100), millis(10), 0.25, Distribution.PARETONORMAL))),
        arguments("loss: {percent: 10%}", List.of(new PacketEffect.RandomLoss(0.1, 0))),
        arguments(
            "loss: {percent: 10%, correlation: 25%, ecn: true}",
            List.of(new PacketEffect.RandomLoss(0.1, 0.25), new PacketEffect.EcnMarking())),
        arguments(
            "loss: {state: {p13: 25%}}", List.of(new PacketEffect.StateLoss(0.25, 0.75, 0, 1, 0))),
        arguments(
            "loss: {state: {p13: 1%, p31: 50%, p32: 25%, p23: 75%, p14: 2%}}",
            List.of(new PacketEffect.StateLoss(0.01, 0.5, 0.25, 0.75, 0.02))),
        arguments(
            "loss: {gemodel: {p: 25%}}",
            List.of(new PacketEffect.GilbertElliottLoss(0.25, 0.75, 1, 0))),
        arguments(
            "loss: {gemodel: {p: 1%, r: 10%, lossInBad: 50%, lossInGood: 2%}}",
            List.of(new PacketEffect.GilbertElliottLoss(0.01, 0.1, 0.5, 0.02))),
        arguments("loss: {nth: {every: 5, packet: 2}}", List.of(new PacketEffect.NthLoss(5, 2))),
        arguments("loss: {nth: {every: 5}}", List.of(new PacketEffect.NthLoss(5, 0))),
        arguments(
            "corrupt: {percent: 1%, correlation: 5%}",
            List.of(new PacketEffect.Corruption(0.01, 0.05))),
        arguments("duplicate: {percent: 2%}", List.of(new PacketEffect.Duplication(0.02, 0))),
        arguments(
            "delay: {latency: 10ms}, reorder: {percent: 25%, correlation: 50%}",
            List.of(
                new PacketEffect.Delay(millis(10), NONE, 0, Distribution.UNIFORM),
                new PacketEffect.Reordering(0.25, 0.5, 1))),
        arguments(
            "delay: {latency: 10ms}, reorder: {percent: 100%, gap: 5}",
            List.of(
                new PacketEffect.Delay(millis(10), NONE, 0, Distribution.UNIFORM),
                new PacketEffect.Reordering(1, 0, 5))),
        arguments("rate: {rate: 10mbit}", List.of(new PacketEffect.Rate(10_000_000, 0, 0, 0))),
        arguments(
            "rate: {rate: 1mbps, packetOverhead: -14, cellSize: 48, cellOverhead: 5}, limit: 50",
            List.of(new PacketEffect.Rate(8_000_000, -14, 48, 5), new PacketEffect.Limit(50))),
        arguments(
            "bandwidth: {rate: 1mbps, limit: 20971520, buffer: 10000}",
            List.of(new PacketEffect.TokenBucket(8_000_000, 20_971_520, 10_000, 0, 0))),
        arguments(
            "bandwidth: {rate: 1mbit, limit: 20mb, buffer: 16kb, peakrate: 2mbit, minburst: 1500}",
            List.of(new PacketEffect.TokenBucket(1_000_000, 20 << 20, 16 << 10, 2_000_000, 1500))),
        arguments("slot: {min: 1ms}", List.of(new PacketEffect.Slot(millis(1), millis(1), 0, 0))),
        arguments(
            "slot: {min: 1ms, max: 2ms, packets: 8, bytes: 4kb}",
            List.of(new PacketEffect.Slot(millis(1), millis(2), 8, 4096))),
        arguments("partition: {}", List.of(new PacketEffect.Blackhole())),
        arguments("hold: {}", List.of(new PacketEffect.Hold())),
        arguments(
            "flap: {up: 5s, down: 1s}",
            List.of(new PacketEffect.Flap(Duration.ofSeconds(5), Duration.ofSeconds(1)))),
        arguments("interfaceDown: {}", List.of(new PacketEffect.InterfaceDown())),
        arguments("mtu: 1280", List.of(new PacketEffect.MtuBlackhole(1280))));
  }

  @ParameterizedTest
  @MethodSource("packetEffects")
  void shouldReadWhatIsDoneToPackets(String spec, List<PacketEffect> effects) {
    assertThat(Checked.of(networkFault(spec)).problems()).isEmpty();
    assertThat(read(networkFault(spec)).spec().packets()).isEqualTo(effects);
  }

  static Stream<Arguments> toxics() {
    return Stream.of(
        arguments(
            "{type: latency, attributes: {latency: 1000, jitter: 100}}",
            new Toxic.Latency(millis(1000), millis(100))),
        arguments(
            "{type: latency, attributes: {latency: 1s}}", new Toxic.Latency(millis(1000), NONE)),
        arguments("{type: bandwidth, attributes: {rate: 30}}", new Toxic.Bandwidth(30)),
        arguments("{type: slow_close, attributes: {delay: 20}}", new Toxic.SlowClose(millis(20))),
        arguments("{type: timeout, attributes: {timeout: 0}}", new Toxic.Timeout(NONE)),
        arguments("{type: timeout}", new Toxic.Timeout(NONE)),
        arguments(
            "{type: reset_peer, attributes: {timeout: 500}}", new Toxic.ResetPeer(millis(500))),
        arguments(
            "{type: slicer, attributes: {average_size: 64, size_variation: 32, delay: 10}}",
            new Toxic.Slicer(64, 32, Duration.ofNanos(10_000))),
        arguments("{type: limit_data, attributes: {bytes: 1024}}", new Toxic.LimitData(1024)),
        arguments("{type: down}", new Toxic.Down()));
  }

  @ParameterizedTest
  @MethodSource("toxics")
  void shouldReadToxics(String toxic, Toxic.Type type) {
    String manifest = networkFault("stream: [" + toxic + "]");

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(read(manifest).spec().toxics())
        .containsExactly(new Toxic(type, Toxic.Side.DOWNSTREAM, 1));
  }

  @Test
  void shouldReadSideAndToxicityOfAToxic() {
    assertThat(
            read(networkFault("stream: [{name: x, type: down, stream: upstream, toxicity: 0.5}]"))
                .spec()
                .toxics())
        .containsExactly(new Toxic(new Toxic.Down(), Toxic.Side.UPSTREAM, 0.5));
  }

  @ParameterizedTest
  @CsvSource({
    "nxdomain, NXDOMAIN",
    "servfail, SERVFAIL",
    "refused, REFUSED",
    "truncated, TRUNCATED",
    "drop, DROP",
    "address, ADDRESS",
    "a-only, A_ONLY",
    "aaaa-only, AAAA_ONLY",
    "wrong-id, WRONG_ID",
  })
  void shouldReadActionsOnDnsAnswers(String text, DnsEffect.Action action) {
    String manifest = networkFault("dns: {action: " + text + "}");

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(read(manifest).spec().dns())
        .isEqualTo(new DnsEffect(action, List.of(), List.of(), List.of(), NONE, 1));
  }

  @Test
  void shouldReadEveryFieldOfADnsEffect() {
    assertThat(
            read(networkFault(
                    "dns: {action: address, patterns: ['db-?.shop.*'], types: [A], addresses:"
                        + " [192.0.2.1], percent: 50%}"))
                .spec()
                .dns())
        .isEqualTo(
            new DnsEffect(
                DnsEffect.Action.ADDRESS,
                List.of("db-?.shop.*"),
                List.of("A"),
                List.of(IpAddress.parse("192.0.2.1")),
                NONE,
                0.5));
    assertThat(read(networkFault("dns: {action: delay, delay: 2s}")).spec().dns())
        .isEqualTo(
            new DnsEffect(
                DnsEffect.Action.DELAY, List.of(), List.of(), List.of(), Duration.ofSeconds(2), 1));
  }

  @Test
  void shouldMeanEverybodyWhereADnsFaultHasNoSelector() {
    String manifest = bare("dns: {action: servfail}");

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(read(manifest).selector()).isEqualTo(ChoiceForm.EVERYTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "agent-kill, AGENT_KILL",
    "agent-pause, AGENT_PAUSE",
    "control-plane-cut, CONTROL_PLANE_CUT",
    "stale-endpoints, STALE_ENDPOINTS",
  })
  void shouldReadActionsOnNodes(String text, NodeEffect.Action action) {
    String manifest =
        bare("selector: {nodes: [node-1]}, node: {action: " + text + "}, duration: 9s");
    FaultRequest request = read(manifest);

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(request.spec().node()).isEqualTo(new NodeEffect(action, NONE));
    assertThat(request.links()).isEqualTo(Links.NODES);
    assertThat(request.selector().nodes()).containsExactly("node-1");
    assertThat(request.selector().namespaces()).isEmpty();
  }

  @Test
  void shouldReadDelayedEndpointsAndExpiredSessions() {
    assertThat(
            read(bare("selector: {}, node: {action: delayed-endpoints, delay: 5s}")).spec().node())
        .isEqualTo(new NodeEffect(NodeEffect.Action.DELAYED_ENDPOINTS, Duration.ofSeconds(5)));
    String session = bare("node: {action: zookeeper-session-expired}");
    assertThat(Checked.of(session).problems()).isEmpty();
    assertThat(read(session).spec().node())
        .isEqualTo(new NodeEffect(NodeEffect.Action.ZOOKEEPER_SESSION_EXPIRED, NONE));
  }

  @ParameterizedTest
  @CsvSource({
    "pod-kill, POD_KILL",
    "pod-failure, POD_FAILURE",
    "container-kill, CONTAINER_KILL",
  })
  void shouldReadActionsOnPods(String text, PodEffect effect) {
    String manifest = networkFault("pod: {action: " + text + "}");

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(read(manifest).spec().pod()).isEqualTo(effect);
  }

  @Test
  void shouldReadEverySelector() {
    String manifest =
        bare(
            """
            loss: {percent: 1%}, mode: fixed, value: "2",
            selector: {namespaces: [a, b], pods: {a: [web-1, web-2]}, nodes: [node-1],
              nodeSelectors: {disk: ssd}, labelSelectors: {app: web},
              expressionSelectors: [
                {key: tier, operator: In, values: [x, y]}, {key: old, operator: DoesNotExist},
                {key: tier, operator: NotIn, values: [z]}, {key: tier, operator: Exists}],
              podPhaseSelectors: [Running], services: [web, other/db]}\
            """);

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(read(manifest).selector())
        .isEqualTo(
            new Choice(
                List.of("a", "b"),
                Map.of("a", List.of("web-1", "web-2")),
                List.of("node-1"),
                Map.of("disk", "ssd"),
                Map.of("app", "web"),
                List.of(
                    new Expression("tier", Operator.IN, List.of("x", "y")),
                    new Expression("old", Operator.DOES_NOT_EXIST, List.of()),
                    new Expression("tier", Operator.NOT_IN, List.of("z")),
                    new Expression("tier", Operator.EXISTS, List.of())),
                List.of("web", "other/db"),
                List.of("Running"),
                Mode.FIXED,
                2));
  }

  @ParameterizedTest
  @CsvSource({
    "all, , ALL, 0",
    "one, , ONE, 0",
    "fixed, '\"3\"', FIXED, 3",
    "fixed, 3, FIXED, 3",
    "fixed-percent, '\"50\"', FIXED_PERCENT, 50",
    "fixed-percent, 50%, FIXED_PERCENT, 50",
    "random-max-percent, 100, RANDOM_MAX_PERCENT, 100",
  })
  void shouldReadModes(String mode, String value, Mode read, int number) {
    String manifest =
        networkFault(
            "loss: {percent: 1%}, mode: " + mode + (value == null ? "" : ", value: " + value));

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(read(manifest).selector().mode()).isEqualTo(read);
    assertThat(read(manifest).selector().value()).isEqualTo(number);
  }

  @Test
  void shouldMeanItsOwnNamespaceUnlessPodsOrServicesAreNamed() {
    assertThat(read(bare("loss: {percent: 1%}, selector: {}")).selector().namespaces())
        .containsExactly("shop");
    assertThat(
            read(bare("loss: {percent: 1%}, selector: {pods: {x: [a]}}")).selector().namespaces())
        .isEmpty();
    assertThat(
            read(bare("loss: {percent: 1%}, selector: {services: [x/a]}")).selector().namespaces())
        .isEmpty();
  }

  @Test
  void shouldReadWhichTraffic() {
    FaultRequest request =
        read(
            networkFault(
                """
                loss: {percent: 1%}, direction: from, protocol: tcp,
                ports: [80, "8000-8100"], localPorts: ["22"], peerPorts: [443],
                externalTargets: ["192.0.2.0/24", "198.51.100.7", "2001:db8::/32"],
                target: {selector: {namespaces: [db]}, mode: one}\
                """));

    assertThat(request.direction()).isEqualTo(Direction.FROM);
    assertThat(request.filter())
        .isEqualTo(
            new TrafficFilter(
                List.of(),
                List.of(),
                6,
                List.of(new PortRange(22, 22)),
                List.of(new PortRange(443, 443)),
                List.of(new PortRange(80, 80), new PortRange(8000, 8100))));
    assertThat(request.external())
        .containsExactly(
            Cidr.parse("192.0.2.0/24"), Cidr.parse("198.51.100.7/32"), Cidr.parse("2001:db8::/32"));
    Choice target = Objects.requireNonNull(request.target());
    assertThat(target.namespaces()).containsExactly("db");
    assertThat(target.mode()).isEqualTo(Mode.ONE);
  }

  @ParameterizedTest
  @CsvSource({"tcp, 6", "udp, 17", "icmp, 1", "sctp, 132", "47, 47", "'\"89\"', 89"})
  void shouldReadProtocols(String text, int number) {
    String manifest = networkFault("loss: {percent: 1%}, protocol: " + text);

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(read(manifest).filter().protocol()).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "one, ONE",
    "majority, MAJORITY",
    "majorities-ring, MAJORITIES_RING",
    "minority-third, MINORITY_THIRD",
    "all, ALL",
  })
  void shouldReadShapesOfPartitions(String text, PartitionShape shape) {
    String manifest = networkFault("partition: {shape: " + text + "}");

    assertThat(Checked.of(manifest).problems()).isEmpty();
    assertThat(read(manifest).shape()).isEqualTo(shape);
  }

  @Test
  void shouldActOnWhatIsSentUnlessItParts() {
    assertThat(read(networkFault("loss: {percent: 1%}")).direction()).isEqualTo(Direction.TO);
    assertThat(read(networkFault("partition: {}")).direction()).isEqualTo(Direction.BOTH);
    assertThat(read(networkFault("partition: {}, direction: from")).direction())
        .isEqualTo(Direction.FROM);
  }

  @Test
  void shouldReadLinksOfNodes() {
    FaultRequest request =
        read(
            bare(
                "links: Nodes, loss: {percent: 1%}, selector: {nodeSelectors: {zone: a}}, target:"
                    + " {selector: {nodes: [node-2]}}"));

    assertThat(request.links()).isEqualTo(Links.NODES);
    assertThat(request.selector().nodeLabels()).containsEntry("zone", "a");
    assertThat(Objects.requireNonNull(request.target()).nodes()).containsExactly("node-2");
  }

  @Test
  void shouldReadIdentityDurationSeedAndLease() {
    FaultRequest held = read(networkFault("loss: {percent: 1%}, duration: 1m30s, seed: 42"));
    assertThat(held.key()).isEqualTo(new ObjectName("shop", "networkfault/f"));
    assertThat(held.uid()).isEqualTo(FaultManifest.UID);
    assertThat(held.duration()).isEqualTo(Duration.ofSeconds(90));
    assertThat(held.spec().seed()).isEqualTo(42);
    assertThat(held.leaseMillis()).isEqualTo(10_000);
    assertThat(held.heartbeatMillis()).isZero();

    String leased =
        """
        apiVersion: podwire.io/v1alpha1
        kind: NetworkFault
        metadata:
          name: f
          namespace: shop
          creationTimestamp: "2025-01-31T12:00:00Z"
          %s
        spec: {selector: {}, loss: {percent: 1%%}, lease: {seconds: 5}}
        """;
    String beat = "annotations: {podwire.io/heartbeat: \"2025-01-31T12:00:07.250Z\"}";
    assertThat(read(leased.formatted(beat)).heartbeatMillis()).isEqualTo(1_738_324_807_250L);
    assertThat(read(leased.formatted(beat)).leaseMillis()).isEqualTo(5000);
    assertThat(read(leased.formatted("")).heartbeatMillis()).isEqualTo(1_738_324_800_000L);
  }

  @Test
  void shouldDeriveAStableSeedFromTheUid() {
    long seed = read(networkFault("loss: {percent: 1%}")).spec().seed();

    assertThat(seed).isEqualTo(read(networkFault("duplicate: {percent: 1%}")).spec().seed());
    assertThat(seed)
        .isNotEqualTo(
            read(networkFault("loss: {percent: 1%}").replace("0001}", "0002}")).spec().seed());
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
