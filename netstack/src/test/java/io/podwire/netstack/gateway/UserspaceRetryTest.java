package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.icmpError;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketCheck.expect;
import static io.podwire.netstack.wire.PacketCheck.ports;
import static io.podwire.netstack.wire.PacketCheck.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IcmpType;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The userspace mode tries another backend when a connect fails; no other mode does (row 33). */
class UserspaceRetryTest {

  private static final String SERVICE = "10.96.0.20";

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod first = node.addPod(3);
  private final TestPod second = network.node(2).addPod(2);

  @BeforeEach
  void setUp() {
    use(ProxyMode.USERSPACE);
    node.serve(IpProtocol.TCP, SERVICE, 80, first.ip() + ":8080", second.ip() + ":8080");
  }

  private void use(ProxyMode mode) {
    node.datapath().balance(new ProxySettings(mode, IpvsScheduler.RR));
  }

  private static void refusing(TestPod pod) {
    pod.onPacket(seen -> {
      if (seen.tcp().has(TcpFlags.SYN)) {
        pod.send(answerTo(seen).flags(TcpFlags.RST | TcpFlags.ACK));
      }
    });
  }

  private void connect() {
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80));
    network.run();
  }

  @Test
  void shouldTakeTurnsAndShowBackendsTheNodeAlone() {
    first.serving();
    second.serving();
    for (int i = 0; i < 10; i++) {
      client.send(tcp(client.ip(), SERVICE).ports(5000 + i, 80));
      network.run();
    }
    for (TestPod pod : List.of(first, second)) {
      List<SeenPacket> seen = pod.takePackets();
      assertThat(seen).hasSize(5);
      seen.forEach(packet -> expect(packet, source(node.gateway())));
    }
    assertThat(client.takePackets()).hasSize(10);
  }

  @Test
  void shouldTryTheNextBackendWhenOneRefuses() {
    refusing(first);
    second.serving();
    connect();

    assertThat(first.takePackets()).hasSize(1);
    SeenPacket accepted = client.takePacket();
    expect(accepted, source(SERVICE), ports(80, 4000));
    assertThat(accepted.tcp().has(TcpFlags.ACK)).isTrue();
    assertThat(accepted.tcp().has(TcpFlags.RST)).isFalse();
    assertThat(node.drops(DropReason.SERVICE_RETRIED)).isEqualTo(1);

    // The connection goes on with the backend that has accepted it, and a reset of its is its own.
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80).flags(TcpFlags.ACK));
    network.run();
    List<SeenPacket> seen = second.takePackets();
    assertThat(seen).hasSize(2);
    client.takePackets();
    second.onPacket(ignored -> {});
    second.send(answerTo(seen.get(1)).flags(TcpFlags.RST));
    network.run();
    assertThat(client.takePacket().tcp().has(TcpFlags.RST)).isTrue();
    assertThat(node.drops(DropReason.SERVICE_RETRIED)).isEqualTo(1);
    assertThat(node.datapath().conntrack().size()).isEqualTo(1);
  }

  @Test
  void shouldTryTheNextBackendWhenOneIsUnreachable() {
    first.onPacket(seen ->
        first.send(
            icmpError(
                first.ip(), seen.source(), IcmpType.UNREACHABLE, IcmpType.PORT_UNREACHABLE, seen)));
    second.serving();
    connect();
    expect(client.takePacket(), source(SERVICE), ports(80, 4000));
  }

  @Test
  void shouldTryTheNextBackendWhenOneDoesNotAnswerInTime() {
    second.serving();
    connect();
    assertThat(first.takePackets()).hasSize(1);
    assertThat(client.takePackets()).isEmpty();

    network.jump(249);
    assertThat(client.takePackets()).isEmpty();
    network.jump(1);
    expect(client.takePacket(), source(SERVICE), ports(80, 4000));
    assertThat(second.takePackets()).hasSize(1);
  }

  @Test
  void shouldGiveUpAfterFourTriesAndTellTheClient() {
    refusing(first);
    refusing(second);
    connect();

    assertThat(first.takePackets()).hasSize(2);
    assertThat(second.takePackets()).hasSize(2);
    SeenPacket refused = client.takePacket();
    expect(refused, source(SERVICE), ports(80, 4000));
    assertThat(refused.tcp().has(TcpFlags.RST)).isTrue();
    assertThat(node.drops(DropReason.SERVICE_RETRIED)).isEqualTo(3);
  }

  @Test
  void shouldTryAgainForTheNodeToo() {
    refusing(first);
    second.serving();
    node.sendFromKernel(tcp("172.30.0.11", SERVICE).ports(4000, 80));
    network.run();
    List<SeenPacket> answers = node.takeKernelPackets();
    assertThat(answers).hasSize(1);
    expect(answers.get(0), source(SERVICE), ports(80, 4000));
    assertThat(answers.get(0).tcp().has(TcpFlags.RST)).isFalse();
  }

  @Test
  void shouldLeaveRefusalsToTheClientInOtherModes() {
    for (ProxyMode mode : ProxyMode.values()) {
      if (mode == ProxyMode.USERSPACE) {
        continue;
      }
      use(mode);
      node.serve(IpProtocol.TCP, SERVICE, 80, first.ip() + ":8080");
      refusing(first);
      connect();
      assertThat(client.takePacket().tcp().has(TcpFlags.RST)).as(mode.name()).isTrue();
      assertThat(second.takePackets()).isEmpty();
      first.takePackets();
      network.jump(60_000);
    }
  }
}
