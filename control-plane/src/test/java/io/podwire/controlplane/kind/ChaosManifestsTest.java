package io.podwire.controlplane.kind;

import static io.podwire.controlplane.kind.FaultManifest.read;
import static io.podwire.controlplane.kind.FaultManifest.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PacketEffect.Distribution;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Direction;
import io.podwire.cluster.model.FaultRequest.Expression;
import io.podwire.cluster.model.FaultRequest.Mode;
import io.podwire.cluster.model.FaultRequest.Operator;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.Cidr;
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

/** One manifest of each action and form of Chaos Mesh's, as its users write them. */
class ChaosManifestsTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  static Stream<Arguments> networkChaos() {
    PacketEffect.Delay ninety =
        new PacketEffect.Delay(millis(90), millis(90), 0.25, Distribution.UNIFORM);
    return Stream.of(
        arguments(
            "network-delay.yaml",
            List.of(new PacketEffect.Delay(millis(80), millis(80), 0.25, Distribution.UNIFORM))),
        arguments(
            "network-delay-constant.yaml",
            List.of(new PacketEffect.Delay(millis(12), Duration.ZERO, 0, Distribution.UNIFORM))),
        arguments(
            "network-delay-reorder.yaml",
            List.of(
                new PacketEffect.Delay(millis(20), Duration.ZERO, 0, Distribution.UNIFORM),
                new PacketEffect.Reordering(0.005, 0.5, 5))),
        arguments("network-delay-target.yaml", List.of(ninety)),
        arguments("network-delay-external.yaml", List.of(ninety)),
        arguments("network-loss.yaml", List.of(new PacketEffect.RandomLoss(0.25, 0.25))),
        arguments("network-duplicate.yaml", List.of(new PacketEffect.Duplication(0.4, 0.25))),
        arguments("network-corrupt.yaml", List.of(new PacketEffect.Corruption(0.4, 0.25))),
        arguments(
            "network-bandwidth.yaml",
            List.of(new PacketEffect.TokenBucket(800_000, 20_000, 10_000, 1_000_000, 1_000_000))),
        arguments(
            "network-netem.yaml",
            List.of(
                ninety,
                new PacketEffect.RandomLoss(0.25, 0.25),
                new PacketEffect.Rate(80_000_000, 0, 0, 0))),
        arguments(
            "network-netem-target.yaml",
            List.of(new PacketEffect.Duplication(0.05, 0), new PacketEffect.Corruption(0.005, 0))),
        arguments("network-partition.yaml", List.of(new PacketEffect.Blackhole())),
        arguments("network-partition-external.yaml", List.of(new PacketEffect.Blackhole())));
  }

  @ParameterizedTest
  @MethodSource("networkChaos")
  void shouldReadWhatIsDoneToPackets(String name, List<PacketEffect> effects) {
    assertThat(Checked.of(resource(name)).problems()).isEmpty();
    assertThat(read(resource(name)).spec().packets()).isEqualTo(effects);
  }

  @Test
  void shouldReadADelayToATarget() {
    FaultRequest request = read(resource("network-delay-target.yaml"));

    assertThat(request.key())
        .isEqualTo(new ObjectName("default", "networkchaos/slow-to-the-database"));
    assertThat(request.duration()).isEqualTo(TEN_SECONDS);
    assertThat(request.direction()).isEqualTo(Direction.TO);
    assertThat(request.selector())
        .isEqualTo(byLabels(List.of("front"), "app.kubernetes.io/component", "portal", Mode.ONE));
    assertThat(request.target())
        .isEqualTo(
            byLabels(List.of("db", "files"), "app.kubernetes.io/component", "store", Mode.ONE));
  }

  @Test
  void shouldActInOneDirectionUnlessTheManifestSaysOtherwise() {
    assertThat(read(resource("network-loss.yaml")).direction()).isEqualTo(Direction.TO);
    assertThat(read(resource("network-partition-external.yaml")).direction())
        .isEqualTo(Direction.TO);
    assertThat(read(resource("network-partition.yaml")).direction()).isEqualTo(Direction.BOTH);
  }

  @Test
  void shouldReadExternalTargets() {
    FaultRequest without = read(resource("network-delay-external.yaml"));
    assertThat(without.external())
        .containsExactly(Cidr.parse("192.0.2.53/32"), Cidr.parse("198.51.0.0/16"));
    assertThat(without.filter().protocol()).isZero();

    FaultRequest with = read(resource("network-partition-external.yaml"));
    assertThat(with.external())
        .containsExactly(
            Cidr.parse("192.0.2.53/32"), Cidr.parse("10.0.0.0/8"), Cidr.parse("2001:db8::1/128"));
    assertThat(with.filter().protocol()).isEqualTo(6);
    assertThat(with.filter().peerPorts()).containsExactly(new PortRange(443, 443));
    assertThat(with.filter().localPorts()).isEmpty();
  }

  @Test
  void shouldReadSelectorsOfFieldsPhasesAndNames() {
    assertThat(read(resource("network-partition-external.yaml")).selector())
        .isEqualTo(
            new Choice(
                List.of("default"),
                Map.of("default", List.of("ledger-0")),
                List.of("node-1"),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of("Running"),
                Mode.ONE,
                0));
    assertThat(read(resource("network-delay-reorder.yaml")).selector())
        .isEqualTo(
            new Choice(
                List.of(),
                Map.of("shop", List.of("ledger-0", "ledger-1")),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Mode.ALL,
                0));
  }

  @Test
  void shouldReadDnsChaos() {
    for (String name : List.of("dns-random.yaml", "dns-error.yaml")) {
      assertThat(Checked.of(resource(name)).problems()).isEmpty();
    }
    FaultRequest random = read(resource("dns-random.yaml"));
    assertThat(random.spec().dns())
        .isEqualTo(
            new DnsEffect(
                DnsEffect.Action.ADDRESS,
                List.of("payments.example", "ledger.*", "cach?.example"),
                List.of(),
                List.of(),
                Duration.ZERO,
                1));
    assertThat(random.selector().namespaces()).containsExactly("shop");
    assertThat(random.duration()).isEqualTo(Duration.ofSeconds(50));

    FaultRequest error = read(resource("dns-error.yaml"));
    assertThat(Objects.requireNonNull(error.spec().dns()).action())
        .isEqualTo(DnsEffect.Action.SERVFAIL);
    assertThat(error.selector().mode()).isEqualTo(Mode.FIXED_PERCENT);
    assertThat(error.selector().value()).isEqualTo(50);
    assertThat(error.selector().expressions())
        .containsExactly(
            new Expression("tier", Operator.IN, List.of("front", "api")),
            new Expression("canary", Operator.DOES_NOT_EXIST, List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "pod-kill.yaml, POD_KILL",
    "pod-failure.yaml, POD_FAILURE",
    "container-kill.yaml, CONTAINER_KILL",
  })
  void shouldReadPodChaos(String name, PodEffect effect) {
    assertThat(Checked.of(resource(name)).problems()).isEmpty();
    assertThat(read(resource(name)).spec().pod()).isEqualTo(effect);
  }

  @Test
  void shouldReadModeAndNamespacesOfPodChaos() {
    Choice selector = read(resource("pod-failure.yaml")).selector();

    assertThat(selector.namespaces()).containsExactly("shop", "shop-staging");
    assertThat(selector.mode()).isEqualTo(Mode.FIXED);
    assertThat(selector.value()).isEqualTo(2);
  }

  private static Choice byLabels(List<String> namespaces, String key, String value, Mode mode) {
    return new Choice(
        namespaces,
        Map.of(),
        List.of(),
        Map.of(),
        Map.of(key, value),
        List.of(),
        List.of(),
        List.of(),
        mode,
        0);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
