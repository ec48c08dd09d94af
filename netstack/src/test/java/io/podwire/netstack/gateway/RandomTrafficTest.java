package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random traffic of all kinds over three nodes. Nothing is lost here, so that the invariants are
 * exact: every request arrives once, at a Pod that it was for, from the address of its sender; and
 * its answer arrives once, from the address that was asked.
 */
class RandomTrafficTest {

  private static final int NODES = 3;
  private static final int PODS_PER_NODE = 4;
  private static final int STEPS = 4000;
  private static final int CLIENT_PORTS = 6;
  private static final int SERVICES = 5;
  private static final List<String> OUTSIDE = List.of("192.0.2.1", "192.0.2.2", "198.51.100.7");

  /** What was sent, by the number in its payload. */
  private record Request(TestPod from, int protocol, String to, int fromPort, int toPort) {}

  private record Flow(String from, int protocol, String to, int fromPort) {}

  private record Choice(String backend, long atMillis) {}

  private final TestNetwork network = TestNetwork.ofNodes(NODES);
  private final List<TestPod> pods = new ArrayList<>();
  private final Map<String, Set<String>> backends = new HashMap<>();
  private final Map<Integer, Request> requests = new HashMap<>();
  private final Map<Flow, Choice> choices = new HashMap<>();
  private final Set<Integer> arrived = new HashSet<>();
  private final Set<Integer> answered = new HashSet<>();
  private int hairpins;
  private int outside;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13})
  void shouldKeepItsInvariants(long seed) {
    Random random = new Random(seed);
    addPods();
    addServices(random);
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(50) == 0) {
        network.pass(random.nextInt(40_000));
      }
      int burst = 1 + random.nextInt(4);
      for (int i = 0; i < burst; i++) {
        send(random, requests.size());
      }
      network.run();
      answerFromOutside();
    }
    assertThat(arrived).as("requests that arrived").hasSameSizeAs(requests.keySet());
    assertThat(answered).as("requests that were answered").hasSameSizeAs(requests.keySet());
    assertThat(hairpins).isPositive();
    assertThat(outside).isPositive();
    for (int node = 1; node <= NODES; node++) {
      assertThat(network.node(node).datapath().drops().snapshot()).isEmpty();
    }
  }

  private void addPods() {
    for (int node = 1; node <= NODES; node++) {
      for (int i = 0; i < PODS_PER_NODE; i++) {
        TestPod pod = network.node(node).addPod(2 + i);
        pod.onPacket(seen -> receive(pod, seen));
        pods.add(pod);
      }
    }
  }

  private void addServices(Random random) {
    for (int service = 0; service < SERVICES; service++) {
      Set<String> chosen = new TreeSet<>();
      for (int i = 0; i <= service; i++) {
        chosen.add(pods.get(random.nextInt(pods.size())).ip());
      }
      String address = "10.96.0." + (20 + service);
      backends.put(address, chosen);
      String[] endpoints = chosen.stream().map(ip -> ip + ":8080").toArray(String[]::new);
      for (int node = 1; node <= NODES; node++) {
        network.node(node).serve(IpProtocol.UDP, address, 80, endpoints);
        network.node(node).serve(IpProtocol.TCP, address, 80, endpoints);
      }
    }
  }

  private void send(Random random, int number) {
    TestPod from = pods.get(random.nextInt(pods.size()));
    int port = 20_000 + random.nextInt(CLIENT_PORTS);
    String to =
        switch (random.nextInt(4)) {
          case 0 -> OUTSIDE.get(random.nextInt(OUTSIDE.size()));
          case 1 -> pods.get(random.nextInt(pods.size())).ip();
          default -> "10.96.0." + (20 + random.nextInt(SERVICES));
        };
    if (to.equals(from.ip())) {
      to = OUTSIDE.get(0);
    }
    int kind = random.nextInt(backends.containsKey(to) ? 2 : 3);
    PacketBuilder packet =
        switch (kind) {
          case 0 -> udp(from.ip(), to);
          case 1 -> tcp(from.ip(), to).flags(random.nextBoolean() ? TcpFlags.SYN : TcpFlags.ACK);
          default -> ping(from.ip(), to, port);
        };
    int protocol = List.of(IpProtocol.UDP, IpProtocol.TCP, IpProtocol.ICMP).get(kind);
    if (kind < 2) {
      packet.ports(port, 80);
      if (random.nextBoolean()) {
        packet.checksumPending();
      }
    }
    requests.put(number, new Request(from, protocol, to, port, 80));
    from.send(packet.payload("ask " + number));
  }

  private void receive(TestPod pod, SeenPacket seen) {
    String[] words = seen.text().split(" ", 2);
    int number = Integer.parseInt(words[1]);
    if (words[0].equals("ask")) {
      receiveRequest(pod, seen, number);
      pod.send(answerTo(seen).payload("re " + number));
    } else {
      receiveAnswer(pod, seen, number);
    }
  }

  private Request request(int number) {
    return Objects.requireNonNull(requests.get(number));
  }

  private void receiveRequest(TestPod pod, SeenPacket seen, int number) {
    Request request = request(number);
    assertThat(arrived.add(number)).as("request %d arrived once", number).isTrue();
    assertThat(seen.protocol()).isEqualTo(request.protocol);
    Set<String> eligible = backends.getOrDefault(request.to, Set.of(request.to));
    assertThat(eligible).as("receivers of %s", request).contains(pod.ip());
    boolean hairpin = pod == request.from;
    hairpins += hairpin ? 1 : 0;
    assertThat(seen.source())
        .as("source of %s", request)
        .isEqualTo(hairpin ? pod.node().gateway() : request.from.ip());
    if (backends.containsKey(request.to)) {
      assertThat(seen.destinationPort()).isEqualTo(8080);
      if (request.protocol == IpProtocol.UDP) {
        expectSameBackend(request, pod.ip());
      }
    }
  }

  /** A datagram within the timeout stays where the last one went; TCP depends on the segments. */
  private void expectSameBackend(Request request, String backend) {
    Flow flow = new Flow(request.from.ip(), request.protocol, request.to, request.fromPort);
    Choice before = choices.put(flow, new Choice(backend, network.nowMillis()));
    if (before != null && network.nowMillis() - before.atMillis < 30_000) {
      assertThat(backend).as("backend of %s", flow).isEqualTo(before.backend);
    }
  }

  private void receiveAnswer(TestPod pod, SeenPacket seen, int number) {
    Request request = request(number);
    assertThat(answered.add(number)).as("answer %d arrived once", number).isTrue();
    assertThat(pod).as("receiver of the answer to %s", request).isSameAs(request.from);
    assertThat(seen.source()).as("answer to %s", request).isEqualTo(request.to);
    if (request.protocol == IpProtocol.ICMP) {
      assertThat(seen.icmp().identifier()).isEqualTo(request.fromPort);
    } else {
      assertThat(seen.sourcePort()).isEqualTo(request.toPort);
      assertThat(seen.destinationPort()).isEqualTo(request.fromPort);
    }
  }

  private void answerFromOutside() {
    for (int number = 1; number <= NODES; number++) {
      TestNode node = network.node(number);
      for (SeenPacket seen : node.takeKernelPackets()) {
        int asked = Integer.parseInt(seen.text().split(" ", 2)[1]);
        assertThat(arrived.add(asked)).as("request %d arrived once", asked).isTrue();
        assertThat(seen.source()).isEqualTo(node.address().toString());
        assertThat(seen.destination()).isEqualTo(request(asked).to);
        assertThat(seen.sourcePort())
            .isBetween(TestNode.FIRST_EGRESS_PORT, TestNode.LAST_EGRESS_PORT);
        outside++;
        node.sendFromKernel(answerTo(seen).payload("re " + asked));
      }
    }
    network.run();
  }
}
