package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Chances;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.VirtualService;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares of backends and what first packets cost, as the whole datapath has them. */
class BalancingTest {

  private static final String SERVICE = "10.96.0.20";
  private static final int BACKENDS = 5;

  private final TestNetwork network = TestNetwork.ofNodes(1);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final List<TestPod> pods =
      IntStream.range(0, BACKENDS).mapToObj(i -> node.addPod(10 + i)).toList();

  private void use(String settings) {
    node.datapath().balance(ProxySettings.parse(settings));
  }

  private void serve(int... weights) {
    List<Backend> backends =
        IntStream.range(0, weights.length)
            .mapToObj(i -> new Backend(pods.get(i).address(), 80, weights[i]))
            .toList();
    for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.UDP}) {
      node.serve(
          protocol,
          SERVICE,
          80,
          new VirtualService(
              "test/web:p", Frontend.CLUSTER_IP, backends, List.of(), false, 0, List.of()));
    }
  }

  private int[] counts() {
    return pods.stream().mapToInt(pod -> pod.takePackets().size()).toArray();
  }

  private int[] connect(int connections) {
    for (int i = 0; i < connections; i++) {
      client.send(udp(client.ip(), SERVICE).ports(1024 + i, 80));
      network.run();
    }
    return counts();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "maglev"})
  void shouldGiveEveryBackendTheSameChance(String mode) {
    use(mode);
    serve(1, 1, 1, 1, 1);
    int[] counts = connect(5000);
    Chances.expectShares(counts, 1, 1, 1, 1, 1);
    assertThat(Chances.fits(counts, 1.3, 1, 1, 1, 1)).as("the test sees other shares").isFalse();
  }

  @Test
  void shouldGiveSharesByWeightInMaglev() {
    use("maglev");
    serve(1, 2, 3, 4, 0);
    int[] counts = connect(5000);
    assertThat(counts[4]).isZero();
    Chances.expectShares(Arrays.copyOf(counts, 4), 1, 2, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipvs/rr", "ipvs/wlc", "ipvs/lc", "userspace"})
  void shouldGiveEveryBackendExactlyItsTurnsWhereItIsNotByLot(String mode) {
    use(mode);
    serve(1, 1, 1, 1, 1);
    assertThat(connect(50)).containsExactly(10, 10, 10, 10, 10);
  }

  @Test
  void shouldCountConnectionsFromTheirBeginningToTheirEnd() {
    use("ipvs/lc");
    serve(1, 1);
    // The first backend gets one that becomes established, and lives.
    pods.get(0).serving();
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80));
    network.run();
    client.takePackets();
    pods.get(0).onPacket(seen -> {});
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80).flags(TcpFlags.ACK));
    network.run();
    counts();
    // An active connection weighs as much as 256 others.
    for (int i = 0; i < 200; i++) {
      client.send(udp(client.ip(), SERVICE).ports(5000 + i, 80));
      client.send(tcp(client.ip(), SERVICE).ports(5000 + i, 80));
    }
    network.run();
    int[] counts = counts();
    assertThat(counts[1]).isEqualTo(2 * 200 - counts[0]).isGreaterThan(200);

    // Those that never got an answer expire, the established one stays.
    network.pass(130_000);
    client.send(tcp(client.ip(), SERVICE).ports(9000, 80));
    network.run();
    assertThat(counts()[1]).isEqualTo(1);
    assertThat(node.datapath().conntrack().size()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(IpvsScheduler.class)
  void shouldKeepConnectionsThroughChurnOfEndpointsUnderEveryScheduler(IpvsScheduler scheduler) {
    node.datapath().balance(new ProxySettings(ProxyMode.IPVS, scheduler));
    churn(scheduler.ordinal());
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldKeepConnectionsThroughChurnOfEndpoints(ProxyMode mode) {
    node.datapath().balance(new ProxySettings(mode, IpvsScheduler.WRR));
    churn(mode.ordinal());
  }

  /** TCP connections stay where they are; those of UDP only move when their endpoint goes. */
  private void churn(int seed) {
    Random random = new Random(seed);
    serve(1, 1, 1, 1, 1);
    Map<String, Integer> homes = new HashMap<>();
    for (int flow = 0; flow < 30; flow++) {
      client.send(tcp(client.ip(), SERVICE).ports(2000 + flow, 80));
      client.send(udp(client.ip(), SERVICE).ports(2000 + flow, 80));
    }
    network.run();
    for (int i = 0; i < BACKENDS; i++) {
      for (SeenPacket seen : pods.get(i).takePackets()) {
        homes.put(seen.protocol() + ":" + seen.sourcePort(), i);
        if (seen.protocol() == IpProtocol.TCP) {
          pods.get(i).send(answerTo(seen));
        }
      }
    }
    network.run();
    for (int round = 0; round < 10; round++) {
      int[] weights = random.ints(BACKENDS, 1, 4).toArray();
      int size = 1 + random.nextInt(BACKENDS);
      serve(Arrays.copyOf(weights, size));
      for (int flow = 0; flow < 30; flow++) {
        client.send(tcp(client.ip(), SERVICE).ports(2000 + flow, 80).flags(TcpFlags.ACK));
        client.send(udp(client.ip(), SERVICE).ports(2000 + flow, 80));
      }
      network.run();
      int arrived = 0;
      for (int i = 0; i < BACKENDS; i++) {
        for (SeenPacket seen : pods.get(i).takePackets()) {
          arrived++;
          String flow = seen.protocol() + ":" + seen.sourcePort();
          Integer home = homes.get(flow);
          if (seen.protocol() == IpProtocol.TCP || home != null && home < size) {
            assertThat(i).as("home of %s in round %d", flow, round).isEqualTo(home);
          } else {
            assertThat(i).isLessThan(size);
            homes.put(flow, i);
          }
        }
      }
      assertThat(arrived).as("no flow is lost").isEqualTo(60);
    }
  }

  private double rulesOfAFirstPacket(int services) {
    for (int i = 0; i < services; i++) {
      node.serve(
          IpProtocol.UDP,
          "10.96." + (1 + i / 200) + "." + (1 + i % 200),
          80,
          pods.get(0).ip() + ":1");
    }
    long before = node.datapath().ruleEvaluations();
    for (int i = 0; i < 50; i++) {
      int to = i * services / 50;
      client.send(
          udp(client.ip(), "10.96." + (1 + to / 200) + "." + (1 + to % 200))
              .ports(services + i, 80));
    }
    network.run();
    assertThat(pods.get(0).takePackets()).hasSize(50);
    return (node.datapath().ruleEvaluations() - before) / 50.0;
  }

  @Test
  void shouldEvaluateRulesOneAfterTheOtherInTheIptablesMode() {
    use("iptables");
    double few = rulesOfAFirstPacket(100);
    double many = rulesOfAFirstPacket(4000);
    // Half of the Services come before the one that is asked for, on average.
    assertThat(few).isBetween(50.0, 62.0);
    assertThat(many).isBetween(1900.0, 2100.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipvs/rr", "nftables", "userspace", "maglev"})
  void shouldEvaluateTheSameHoweverManyServicesThereAreInOtherModes(String mode) {
    use(mode);
    assertThat(rulesOfAFirstPacket(4000)).isEqualTo(rulesOfAFirstPacket(100)).isBetween(1.0, 10.0);
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldEvaluateNothingForEstablishedFlows(ProxyMode mode) {
    node.datapath().balance(new ProxySettings(mode, IpvsScheduler.RR));
    serve(1, 1, 1);
    client.send(udp(client.ip(), SERVICE).ports(4000, 80));
    network.run();
    long before = node.datapath().ruleEvaluations();
    node.datapath().flows().enable(false);
    for (int i = 0; i < 10; i++) {
      client.send(udp(client.ip(), SERVICE).ports(4000, 80));
    }
    network.run();
    assertThat(node.datapath().ruleEvaluations()).isEqualTo(before);
  }
}
