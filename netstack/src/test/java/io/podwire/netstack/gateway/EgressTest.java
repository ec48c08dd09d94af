package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.icmpError;
import static io.podwire.netstack.wire.PacketBuilder.ip;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.pong;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static io.podwire.netstack.wire.PacketCheck.destination;
import static io.podwire.netstack.wire.PacketCheck.expect;
import static io.podwire.netstack.wire.PacketCheck.icmp;
import static io.podwire.netstack.wire.PacketCheck.macs;
import static io.podwire.netstack.wire.PacketCheck.payload;
import static io.podwire.netstack.wire.PacketCheck.ports;
import static io.podwire.netstack.wire.PacketCheck.quoting;
import static io.podwire.netstack.wire.PacketCheck.source;
import static io.podwire.netstack.wire.PacketCheck.sourcePort;
import static io.podwire.netstack.wire.PacketCheck.sourcePortBetween;
import static io.podwire.netstack.wire.PacketCheck.ttl;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IcmpType;
import io.podwire.packet.TcpFlags;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What leaves the cluster through the node's kernel, and what comes back. */
class EgressTest {

  private static final String SERVER = "192.0.2.7";
  private static final String NODE = "172.30.0.11";
  private static final int FIRST = TestNode.FIRST_EGRESS_PORT;
  private static final int LAST = TestNode.LAST_EGRESS_PORT;

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod other = node.addPod(3);

  private SeenPacket sent() {
    network.run();
    List<SeenPacket> packets = node.takeKernelPackets();
    assertThat(packets).hasSize(1);
    return packets.get(0);
  }

  @Test
  void shouldGiveAPodsPacketTheNodesAddressAndAPortOfTheRange() {
    client.send(udp(client.ip(), SERVER).ports(4000, 53).payload("out"));
    SeenPacket request = sent();
    expect(
        request,
        macs(node.gatewayMac(), node.config().kernelMac()),
        source(NODE),
        destination(SERVER),
        sourcePortBetween(FIRST, LAST),
        payload("out"),
        ttl(63));

    node.sendFromKernel(answerTo(request).payload("back").ttl(50));
    network.run();
    expect(
        client.takePacket(),
        source(SERVER),
        destination(client.ip()),
        ports(53, 4000),
        payload("back"),
        ttl(49));
  }

  @Test
  void shouldKeepAPortThatIsInTheRangeAndFree() {
    client.send(udp(client.ip(), SERVER).ports(FIRST + 5, 53));
    expect(sent(), sourcePort(FIRST + 5));
    other.send(udp(other.ip(), SERVER).ports(FIRST + 5, 53));
    SeenPacket second = sent();
    assertThat(second.sourcePort()).isNotEqualTo(FIRST + 5).isBetween(FIRST, LAST);
    // Towards somebody else the same port is free.
    other.send(udp(other.ip(), "192.0.2.8").ports(FIRST + 5, 53));
    expect(sent(), sourcePort(FIRST + 5));
  }

  @Test
  void shouldUseEveryPortOnceAndThenSaySo() {
    Set<Integer> used = new HashSet<>();
    int accepted = 0;
    for (int port = 2000; port < 2400; port++) {
      client.send(udp(client.ip(), SERVER).ports(port, 53));
      network.run();
      for (SeenPacket seen : node.takeKernelPackets()) {
        assertThat(used.add(seen.sourcePort())).as("port used twice").isTrue();
        assertThat(seen.sourcePort()).isBetween(FIRST, LAST);
        accepted++;
      }
    }
    assertThat(accepted).isBetween(90, LAST - FIRST + 1);
    assertThat(node.drops(DropReason.NAT_PORTS_EXHAUSTED)).isEqualTo(400 - accepted);

    network.pass(31_000);
    client.send(udp(client.ip(), SERVER).ports(3000, 53));
    expect(sent(), sourcePortBetween(FIRST, LAST));
  }

  @Test
  void shouldReuseTheTupleOfAnExpiredConnectionBeforeItIsSwept() {
    TestNetwork still = TestNetwork.ofNodes(1);
    TestNode alone = still.node(1);
    TestPod first = alone.addPod(2);
    TestPod second = alone.addPod(3);
    first.send(udp(first.ip(), SERVER).ports(FIRST, 53));
    still.run();
    still.jump(0);
    // Just expired; the tick that sweeps it is still to come.
    still.advance(30_000);
    second.send(udp(second.ip(), SERVER).ports(FIRST, 53));
    still.run();

    List<SeenPacket> packets = alone.takeKernelPackets();
    expect(packets.get(1), sourcePort(FIRST));
    alone.sendFromKernel(answerTo(packets.get(1)));
    still.run();
    expect(second.takePacket(), ports(53, FIRST));
    assertThat(first.takeFrames()).isEmpty();
    still.jump(1000);
    assertThat(alone.datapath().conntrack().size()).isEqualTo(1);
  }

  @Test
  void shouldTranslateTheIdentifierOfEchoes() {
    client.send(ping(client.ip(), SERVER, 77).payload("ping"));
    SeenPacket first = sent();
    other.send(ping(other.ip(), SERVER, 77).payload("pong"));
    SeenPacket second = sent();
    expect(first, source(NODE), payload("ping"));
    expect(second, source(NODE), payload("pong"));
    assertThat(first.sourcePort()).isNotEqualTo(second.sourcePort());

    node.sendFromKernel(pong(SERVER, NODE, second.sourcePort()).payload("to other"));
    node.sendFromKernel(pong(SERVER, NODE, first.sourcePort()).payload("to client"));
    network.run();
    expect(client.takePacket(), source(SERVER), sourcePort(77), payload("to client"));
    expect(other.takePacket(), source(SERVER), sourcePort(77), payload("to other"));
  }

  @Test
  void shouldTranslateAnErrorAboutAPodsPacketBack() {
    client.send(udp(client.ip(), SERVER).ports(4000, 53).payload("out"));
    SeenPacket request = sent();
    // A router on the way answers, as traceroute wants to see it.
    node.sendFromKernel(
        icmpError("203.0.113.1", NODE, IcmpType.TIME_EXCEEDED, IcmpType.IN_TRANSIT, request));
    node.sendFromKernel(
        icmpError(SERVER, NODE, IcmpType.UNREACHABLE, IcmpType.PORT_UNREACHABLE, request));
    network.run();

    List<SeenPacket> errors = client.takePackets();
    assertThat(errors).hasSize(2);
    expect(
        errors.get(0),
        source("203.0.113.1"),
        destination(client.ip()),
        icmp(IcmpType.TIME_EXCEEDED, IcmpType.IN_TRANSIT),
        quoting(client.ip(), 4000, SERVER, 53));
    expect(
        errors.get(1),
        source(SERVER),
        icmp(IcmpType.UNREACHABLE, IcmpType.PORT_UNREACHABLE),
        quoting(client.ip(), 4000, SERVER, 53));
  }

  @Test
  void shouldTranslateAnErrorOfAPodAboutAnAnswer() {
    client.send(udp(client.ip(), SERVER).ports(4000, 53));
    SeenPacket request = sent();
    node.sendFromKernel(answerTo(request));
    network.run();
    SeenPacket answer = client.takePacket();
    client.send(
        icmpError(client.ip(), SERVER, IcmpType.UNREACHABLE, IcmpType.PORT_UNREACHABLE, answer));
    SeenPacket error = sent();

    expect(
        error,
        source(NODE),
        destination(SERVER),
        icmp(IcmpType.UNREACHABLE, IcmpType.PORT_UNREACHABLE),
        quoting(SERVER, 53, NODE, request.sourcePort()));
  }

  @Test
  void shouldTranslateErrorsAboutEchoes() {
    client.send(ping(client.ip(), SERVER, 77));
    SeenPacket request = sent();
    node.sendFromKernel(
        icmpError("203.0.113.1", NODE, IcmpType.TIME_EXCEEDED, IcmpType.IN_TRANSIT, request));
    network.run();

    SeenPacket error = client.takePacket();
    expect(error, source("203.0.113.1"), destination(client.ip()));
    int quotedIdentifier = error.ip().buffer().getShort(error.icmp().bodyOffset() + 24) & 0xffff;
    assertThat(quotedIdentifier).isEqualTo(77);
  }

  @Test
  void shouldNotLetAPodsAddressOutWithoutAConnection() {
    client.send(tcp(client.ip(), SERVER).ports(4000, 80).flags(TcpFlags.RST));
    client.send(tcp(client.ip(), SERVER).ports(4000, 80).flags(TcpFlags.SYN | TcpFlags.ACK));
    client.send(pong(client.ip(), SERVER, 5));
    client.send(ping(client.ip(), SERVER, 5).icmp(13, 0));
    network.run();

    assertThat(node.takeKernelPackets()).isEmpty();
    assertThat(node.drops(DropReason.CONNTRACK_INVALID)).isEqualTo(4);
  }

  @Test
  void shouldTranslateProtocolsWithoutPorts() {
    client.send(ip(47, client.ip(), SERVER).payload("gre"));
    expect(sent(), source(NODE), payload("gre"));
    other.send(ip(47, other.ip(), SERVER).payload("gre"));
    network.run();
    assertThat(node.takeKernelPackets()).as("answers could not be told apart").isEmpty();
    node.sendFromKernel(ip(47, SERVER, NODE).payload("back"));
    network.run();
    expect(client.takePacket(), source(SERVER), payload("back"));
  }

  @Test
  void shouldReachTheNodeItselfWithTheSourceKept() {
    client.send(tcp(client.ip(), NODE).ports(4000, 10250));
    SeenPacket request = sent();
    expect(request, source(client.ip()), ports(4000, 10250));
    node.sendFromKernel(answerTo(request));
    network.run();
    expect(client.takePacket(), source(NODE), ports(10250, 4000));
  }

  @Test
  void shouldSendTheNodesOwnProbesFromTheGateway() {
    other.serving();
    node.sendFromKernel(tcp(NODE, other.ip()).ports(4000, 80));
    node.sendFromKernel(tcp(node.gateway(), other.ip()).ports(4001, 80));
    network.run();

    List<SeenPacket> probes = other.takePackets();
    expect(probes.get(0), source(node.gateway()), ports(4000, 80), ttl(64));
    expect(probes.get(1), source(node.gateway()), ports(4001, 80), ttl(64));
    List<SeenPacket> answers = node.takeKernelPackets();
    expect(answers.get(0), destination(NODE), ports(80, 4000));
    expect(answers.get(1), destination(node.gateway()), ports(80, 4001));
  }

  @Test
  void shouldNotSendTheKernelsPacketsBackToIt() {
    node.sendFromKernel(udp(NODE, SERVER).ports(1, 2));
    network.run();

    assertThat(node.drops(DropReason.NO_ROUTE)).isEqualTo(1);
    expect(
        node.takeKernelPackets().get(0),
        source(node.gateway()),
        icmp(IcmpType.UNREACHABLE, IcmpType.NET_UNREACHABLE));
  }

  @Test
  void shouldNotRouteAddressesThatMustNotBeRouted() {
    List<String> martians =
        List.of("127.0.0.1", "0.0.0.0", "224.0.0.251", "255.255.255.255", "240.0.0.1");
    for (String martian : martians) {
      client.send(udp(client.ip(), martian).ports(1, 2).to(node.gatewayMac()));
    }
    network.run();

    assertThat(node.takeKernelFrames()).isEmpty();
    assertThat(node.drops(DropReason.NO_ROUTE)).isEqualTo(martians.size());
  }
}
