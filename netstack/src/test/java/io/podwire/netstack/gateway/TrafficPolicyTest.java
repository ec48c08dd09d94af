package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static io.podwire.netstack.wire.PacketCheck.destination;
import static io.podwire.netstack.wire.PacketCheck.expect;
import static io.podwire.netstack.wire.PacketCheck.ports;
import static io.podwire.netstack.wire.PacketCheck.resetOf;
import static io.podwire.netstack.wire.PacketCheck.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.VirtualService;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.addr.Cidr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Traffic policies, source NAT, source ranges and affinity are the same in every mode (rows 24-29).
 */
class TrafficPolicyTest {

  private static final String CLUSTER_IP = "10.96.0.20";
  private static final String NODE = "172.30.0.11";
  private static final String BALANCER = "203.0.113.7";
  private static final String OUTSIDER = "172.30.0.99";

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod local = node.addPod(3);
  private final TestPod remote = network.node(2).addPod(2);
  private int port = 10_000;

  private void use(ProxyMode mode) {
    node.datapath().balance(new ProxySettings(mode, IpvsScheduler.RR));
  }

  private List<Backend> at(TestPod... pods) {
    return Arrays.stream(pods).map(pod -> new Backend(pod.address(), 8080)).toList();
  }

  private void bind(
      Frontend frontend, List<Backend> backends, List<Backend> localBackends, boolean localOnly) {
    bind(frontend, backends, localBackends, localOnly, 0);
  }

  private void bind(
      Frontend frontend,
      List<Backend> backends,
      List<Backend> localBackends,
      boolean localOnly,
      int affinity,
      String... ranges) {
    String address =
        switch (frontend) {
          case CLUSTER_IP -> CLUSTER_IP;
          case NODE_PORT -> NODE;
          case EXTERNAL_IP, LOAD_BALANCER -> BALANCER;
        };
    node.serve(
        IpProtocol.TCP,
        address,
        frontend == Frontend.NODE_PORT ? 30_080 : 80,
        new VirtualService(
            "test/web:http",
            frontend,
            backends,
            localBackends,
            localOnly,
            affinity,
            Arrays.stream(ranges).map(Cidr::parse).toList()));
  }

  private PacketBuilder syn(String from, String to) {
    return tcp(from, to).ports(port++, to.equals(NODE) ? 30_080 : 80);
  }

  private void sendFromPod(String to) {
    client.send(syn(client.ip(), to));
    network.run();
  }

  private void sendFromOutside(String from, String to) {
    node.sendFromKernel(syn(from, to));
    network.run();
  }

  private void expectReset() {
    List<SeenPacket> packets = node.takeKernelPackets();
    assertThat(packets).hasSize(1);
    expect(packets.get(0), resetOf(TcpFlags.RST | TcpFlags.ACK, 0, 1001));
  }

  private void expectSilence() {
    assertThat(node.takeKernelPackets()).isEmpty();
    assertThat(client.takePackets()).isEmpty();
    assertThat(local.takePackets()).isEmpty();
    assertThat(remote.takePackets()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldKeepInternalTrafficLocal(ProxyMode mode) {
    use(mode);
    bind(Frontend.CLUSTER_IP, at(local, remote), at(local), true);
    for (int i = 0; i < 20; i++) {
      sendFromPod(CLUSTER_IP);
    }
    assertThat(local.takePackets()).hasSize(20);
    assertThat(remote.takePackets()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldDropWhereAllEndpointsAreElsewhereAndRejectWhereThereAreNone(ProxyMode mode) {
    use(mode);
    bind(Frontend.CLUSTER_IP, at(remote), List.of(), true);
    sendFromPod(CLUSTER_IP);
    expectSilence();
    assertThat(node.drops(DropReason.SERVICE_WITHOUT_LOCAL_ENDPOINTS)).isEqualTo(1);

    bind(Frontend.CLUSTER_IP, List.of(), List.of(), true);
    sendFromPod(CLUSTER_IP);
    expect(client.takePacket(), resetOf(TcpFlags.RST | TcpFlags.ACK, 0, 1001));
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldReplaceTheSourceOfExternalTrafficToTheCluster(ProxyMode mode) {
    use(mode);
    bind(Frontend.NODE_PORT, at(local, remote), at(local), false);
    local.serving();
    remote.serving();
    Set<String> reached = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      sendFromOutside(OUTSIDER, NODE);
      for (TestPod pod : List.of(local, remote)) {
        pod.takePackets()
            .forEach(seen -> {
              expect(seen, source(node.gateway()));
              reached.add(pod.ip());
            });
      }
    }
    assertThat(reached).hasSize(2);
    List<SeenPacket> answers = node.takeKernelPackets();
    assertThat(answers).hasSize(20);
    answers.forEach(answer -> expect(answer, source(NODE), destination(OUTSIDER)));

    sendFromPod(NODE);
    List<SeenPacket> fromPod = new ArrayList<>(local.takePackets());
    fromPod.addAll(remote.takePackets());
    assertThat(fromPod).hasSize(1);
    expect(fromPod.get(0), source(node.gateway()));
  }

  @ParameterizedTest
  @EnumSource(value = ProxyMode.class, names = "USERSPACE", mode = EnumSource.Mode.EXCLUDE)
  void shouldKeepTheSourceOfExternalTrafficToTheNode(ProxyMode mode) {
    use(mode);
    for (Frontend frontend :
        List.of(Frontend.NODE_PORT, Frontend.EXTERNAL_IP, Frontend.LOAD_BALANCER)) {
      String to = frontend == Frontend.NODE_PORT ? NODE : BALANCER;
      bind(frontend, at(local, remote), at(local), true);
      for (int i = 0; i < 10; i++) {
        sendFromOutside(OUTSIDER, to);
      }
      List<SeenPacket> seen = local.takePackets();
      assertThat(seen).hasSize(10);
      seen.forEach(packet -> expect(packet, source(OUTSIDER)));
      assertThat(remote.takePackets()).isEmpty();
      local.send(answerTo(seen.get(0)));
      network.run();
      expect(node.takeKernelPackets().get(0), source(to), destination(OUTSIDER));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldDropOutsidersWhereTheNodeHasNoEndpointAndLetPodsAndTheNodeThrough(ProxyMode mode) {
    use(mode);
    bind(Frontend.NODE_PORT, at(remote), List.of(), true);
    sendFromOutside(OUTSIDER, NODE);
    expectSilence();
    assertThat(node.drops(DropReason.SERVICE_WITHOUT_LOCAL_ENDPOINTS)).isEqualTo(1);

    sendFromPod(NODE);
    String kept = mode == ProxyMode.USERSPACE ? node.gateway() : client.ip();
    expect(remote.takePacket(), source(kept), ports(port - 1, 8080));
    sendFromOutside(NODE, NODE);
    expect(remote.takePacket(), source(node.gateway()));

    bind(Frontend.NODE_PORT, List.of(), List.of(), true);
    sendFromOutside(OUTSIDER, NODE);
    expectReset();
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldDropWhoIsOutsideTheSourceRanges(ProxyMode mode) {
    use(mode);
    bind(Frontend.LOAD_BALANCER, at(local), at(local), false, 0, "172.30.0.96/28", "10.244.2.0/24");
    sendFromOutside(OUTSIDER, BALANCER);
    expect(local.takePacket(), source(node.gateway()));

    sendFromOutside("172.30.0.20", BALANCER);
    sendFromPod(BALANCER);
    expectSilence();
    assertThat(node.drops(DropReason.SERVICE_SOURCE_REFUSED)).isEqualTo(2);

    bind(Frontend.LOAD_BALANCER, List.of(), List.of(), false, 0, "172.30.0.96/28");
    sendFromOutside("172.30.0.20", BALANCER);
    expectReset();
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldKeepTheBackendOfAClientWithAffinityAsLongAsItComesBack(ProxyMode mode) {
    use(mode);
    local.serving();
    remote.serving();
    bind(Frontend.CLUSTER_IP, at(local, remote), at(local), false, 100);
    bind(Frontend.NODE_PORT, at(local, remote), at(local), false, 100);
    for (int round = 0; round < 12; round++) {
      sendFromPod(round % 2 == 0 ? CLUSTER_IP : NODE);
      network.jump(99_000);
    }
    int here = local.takePackets().size();
    assertThat(List.of(here, remote.takePackets().size())).containsExactlyInAnyOrder(0, 12);
    List<Backend> other = here > 0 ? at(remote) : at(local);

    // Its endpoint is gone, then back: it has lost the client.
    bind(Frontend.CLUSTER_IP, other, List.of(), false, 100);
    sendFromPod(CLUSTER_IP);
    assertThat((here > 0 ? remote : local).takePackets()).hasSize(1);
    bind(Frontend.CLUSTER_IP, at(local, remote), List.of(), false, 100);
    sendFromPod(CLUSTER_IP);
    assertThat((here > 0 ? remote : local).takePackets()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(value = ProxyMode.class, names = "MAGLEV", mode = EnumSource.Mode.EXCLUDE)
  void shouldForgetAClientThatHasNotComeForLong(ProxyMode mode) {
    use(mode);
    bind(Frontend.CLUSTER_IP, at(local, remote), at(local), false, 100);
    Set<Boolean> reached = new HashSet<>();
    for (int round = 0; round < 24; round++) {
      sendFromPod(CLUSTER_IP);
      reached.add(local.takePackets().isEmpty());
      remote.takePackets();
      network.jump(100_000);
    }
    assertThat(reached).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldTranslateTheSourceOfAHairpinThroughEveryFrontend(ProxyMode mode) {
    use(mode);
    for (Frontend frontend : Frontend.values()) {
      bind(frontend, at(client), at(client), true);
      sendFromPod(
          frontend == Frontend.CLUSTER_IP
              ? CLUSTER_IP
              : frontend == Frontend.NODE_PORT ? NODE : BALANCER);
      expect(client.takePacket(), source(node.gateway()));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldLeaveOtherPortsOfTheNodeAlone(ProxyMode mode) {
    use(mode);
    bind(Frontend.NODE_PORT, at(local), at(local), false);
    client.send(udp(client.ip(), NODE).ports(4000, 30_080).payload("node"));
    client.send(tcp(client.ip(), NODE).ports(4000, 22));
    network.run();
    assertThat(node.takeKernelPackets()).hasSize(2);
    assertThat(node.datapath().drops().total()).isZero();
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldKeepEstablishedFlowsThroughEveryChangeOfTheMode(ProxyMode mode) {
    bind(Frontend.CLUSTER_IP, at(local, remote), at(local), false);
    node.serve(IpProtocol.UDP, CLUSTER_IP, 53, local.ip() + ":53", remote.ip() + ":53");
    for (int flow = 0; flow < 20; flow++) {
      client.send(tcp(client.ip(), CLUSTER_IP).ports(4000 + flow, 80));
      client.send(udp(client.ip(), CLUSTER_IP).ports(4000 + flow, 53));
    }
    network.run();
    Set<String> before = seenAt(local, remote);
    assertThat(before).hasSize(40);

    for (ProxyMode next : ProxyMode.values()) {
      use(next);
      use(mode);
      for (int flow = 0; flow < 20; flow++) {
        client.send(tcp(client.ip(), CLUSTER_IP).ports(4000 + flow, 80).flags(TcpFlags.ACK));
        client.send(udp(client.ip(), CLUSTER_IP).ports(4000 + flow, 53));
      }
      network.run();
      assertThat(seenAt(local, remote)).isEqualTo(before);
    }

    // What was begun in another mode still learns that its endpoint is gone.
    node.serve(IpProtocol.UDP, CLUSTER_IP, 53, remote.ip() + ":53");
    for (int flow = 0; flow < 20; flow++) {
      client.send(udp(client.ip(), CLUSTER_IP).ports(4000 + flow, 53));
    }
    network.run();
    assertThat(local.takePackets()).isEmpty();
    assertThat(remote.takePackets()).hasSize(20);
  }

  private static Set<String> seenAt(TestPod... pods) {
    Set<String> seen = new HashSet<>();
    for (TestPod pod : pods) {
      pod.takePackets()
          .forEach(packet ->
              seen.add(
                  pod.ip()
                      + " "
                      + packet.protocol()
                      + " "
                      + packet.source()
                      + ":"
                      + packet.sourcePort()));
    }
    return seen;
  }
}
