package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static io.podwire.netstack.wire.PacketCheck.destination;
import static io.podwire.netstack.wire.PacketCheck.destinationPort;
import static io.podwire.netstack.wire.PacketCheck.expect;
import static io.podwire.netstack.wire.PacketCheck.icmp;
import static io.podwire.netstack.wire.PacketCheck.macs;
import static io.podwire.netstack.wire.PacketCheck.payload;
import static io.podwire.netstack.wire.PacketCheck.ports;
import static io.podwire.netstack.wire.PacketCheck.quoting;
import static io.podwire.netstack.wire.PacketCheck.resetOf;
import static io.podwire.netstack.wire.PacketCheck.source;
import static io.podwire.netstack.wire.PacketCheck.sourcePortBetween;
import static io.podwire.netstack.wire.PacketCheck.ttl;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClusterIpTest {

  private static final String SERVICE = "10.96.0.20";

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod neighbour = node.addPod(3);
  private final TestPod remote = network.node(2).addPod(2);

  @Test
  void shouldReachABackendOnTheSameNodeAndAnswerFromTheClusterIp() {
    node.serve(IpProtocol.TCP, SERVICE, 80, neighbour.ip() + ":8080");
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80));
    network.run();

    SeenPacket request = neighbour.takePacket();
    expect(
        request,
        macs(node.gatewayMac(), neighbour.mac()),
        source(client.ip()),
        destination(neighbour.ip()),
        ports(4000, 8080),
        ttl(63));

    // Both Pods are on one network: the backend answers straight over the bridge.
    neighbour.send(answerTo(request));
    network.run();
    expect(
        client.takePacket(),
        macs(neighbour.mac(), client.mac()),
        source(SERVICE),
        ports(80, 4000),
        ttl(64));
  }

  @Test
  void shouldReachABackendOnAnotherNodeWithTheSourceKept() {
    node.serve(IpProtocol.UDP, SERVICE, 53, remote.ip() + ":5353");
    remote.serving();
    client.send(udp(client.ip(), SERVICE).ports(4000, 53).payload("who?"));
    network.run();

    expect(remote.takePacket(), source(client.ip()), ports(4000, 5353), payload("who?"), ttl(62));
    expect(client.takePacket(), source(SERVICE), ports(53, 4000), payload("who?"));
  }

  @Test
  void shouldTranslateWhereChecksumsAreLeftToTheDevice() {
    node.serve(IpProtocol.TCP, SERVICE, 80, neighbour.ip() + ":8080", neighbour.ip() + ":8080");
    node.serve(IpProtocol.UDP, SERVICE, 53, remote.ip() + ":5353");
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80).payload("abc").checksumPending());
    client.send(udp(client.ip(), SERVICE).ports(4001, 53).payload("abc").checksumPending());
    network.run();

    SeenPacket near = neighbour.takePacket();
    assertThat(near.wasChecksumPending()).isTrue();
    expect(near, ports(4000, 8080));
    expect(remote.takePacket(), ports(4001, 5353));

    neighbour.send(answerTo(near).checksumPending());
    network.run();
    expect(client.takePacket(), source(SERVICE), ports(80, 4000));
  }

  @Test
  void shouldTranslateTheSourceOfAPodThatReachesItself() {
    node.serve(IpProtocol.UDP, SERVICE, 53, client.ip() + ":5353");
    client.send(udp(client.ip(), SERVICE).ports(4000, 53).payload("me"));
    network.run();

    SeenPacket request = client.takePacket();
    expect(request, source(node.gateway()), ports(4000, 5353), payload("me"), ttl(63));
    client.send(answerTo(request).payload("too"));
    network.run();
    expect(client.takePacket(), source(SERVICE), ports(53, 4000), payload("too"));
  }

  @Test
  void shouldTranslateAHairpinWhoseSourceIsTheTargetPort() {
    node.serve(IpProtocol.UDP, SERVICE, 5353, client.ip() + ":5353");
    client.send(udp(client.ip(), SERVICE).ports(5353, 5353).payload("me"));
    network.run();

    SeenPacket request = client.takePacket();
    expect(request, source(node.gateway()), destinationPort(5353));
    client.send(answerTo(request));
    network.run();
    expect(client.takePacket(), source(SERVICE), ports(5353, 5353));
  }

  @Test
  void shouldResetTcpWhereThereAreNoEndpoints() {
    node.serve(IpProtocol.TCP, SERVICE, 80);
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80).sequence(-1));
    network.run();

    expect(
        client.takePacket(),
        macs(node.gatewayMac(), client.mac()),
        source(SERVICE),
        destination(client.ip()),
        ports(80, 4000),
        resetOf(TcpFlags.RST | TcpFlags.ACK, 0, 0));
    assertThat(node.drops(DropReason.SERVICE_WITHOUT_ENDPOINTS)).isEqualTo(1);
    assertThat(node.datapath().conntrack().size()).isZero();
  }

  @Test
  void shouldAcknowledgeTheDataOfARefusedSyn() {
    node.serve(IpProtocol.TCP, SERVICE, 80);
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80).sequence(100).payload("fast").padding(2));
    network.run();

    expect(client.takePacket(), resetOf(TcpFlags.RST | TcpFlags.ACK, 0, 105));
  }

  @Test
  void shouldResetWithTheAcknowledgedNumberWhereTheSegmentHasOne() {
    node.serve(IpProtocol.TCP, SERVICE, 80);
    client.send(
        tcp(client.ip(), SERVICE)
            .ports(4000, 80)
            .flags(TcpFlags.ACK | TcpFlags.PSH)
            .acknowledgment(777)
            .payload("data"));
    network.run();

    expect(client.takePacket(), resetOf(TcpFlags.RST, 777, 0));
  }

  @Test
  void shouldNeverAnswerAReset() {
    node.serve(IpProtocol.TCP, SERVICE, 80);
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80).flags(TcpFlags.RST));
    client.send(tcp(client.ip(), SERVICE).ports(4000, 81).flags(TcpFlags.RST | TcpFlags.ACK));
    network.run();

    assertThat(client.takeFrames()).isEmpty();
    assertThat(node.datapath().drops().total()).isEqualTo(2);
  }

  @Test
  void shouldAnswerUdpWithPortUnreachableWhereThereAreNoEndpoints() {
    node.serve(IpProtocol.UDP, SERVICE, 53);
    client.send(udp(client.ip(), SERVICE).ports(4000, 53).payload("who?"));
    network.run();

    expect(
        client.takePacket(),
        source(node.gateway()),
        destination(client.ip()),
        icmp(IcmpType.UNREACHABLE, IcmpType.PORT_UNREACHABLE),
        quoting(client.ip(), 4000, SERVICE, 53));
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldTreatAnUnusedPortAsTheModeDoesAndDropAnUnallocatedAddress(ProxyMode mode) {
    node.datapath().balance(new ProxySettings(mode, IpvsScheduler.RR));
    node.serve(IpProtocol.TCP, SERVICE, 80, remote.ip() + ":80");
    client.send(tcp(client.ip(), SERVICE).ports(4000, 81));
    client.send(tcp(client.ip(), "10.96.0.99").ports(4000, 80));
    client.send(udp(client.ip(), "10.96.0.99").ports(4000, 80));
    client.send(ping(client.ip(), "10.96.0.99", 9));
    network.run();

    if (mode == ProxyMode.NFTABLES || mode == ProxyMode.IPVS) {
      expect(client.takePacket(), source(SERVICE), resetOf(TcpFlags.RST | TcpFlags.ACK, 0, 1001));
    } else {
      assertThat(client.takeFrames()).isEmpty();
    }
    assertThat(node.drops(DropReason.SERVICE_PORT_UNKNOWN)).isEqualTo(1);
    assertThat(node.drops(DropReason.SERVICE_UNKNOWN)).isEqualTo(3);
    assertThat(network.takeWire()).isEmpty();
    assertThat(node.takeKernelFrames()).isEmpty();
  }

  @Test
  void shouldKeepProtocolsOfOnePortApart() {
    node.datapath().balance(new ProxySettings(ProxyMode.NFTABLES, IpvsScheduler.RR));
    node.serve(IpProtocol.TCP, SERVICE, 53, remote.ip() + ":53");
    client.send(udp(client.ip(), SERVICE).ports(4000, 53));
    network.run();

    expect(client.takePacket(), icmp(IcmpType.UNREACHABLE, IcmpType.PORT_UNREACHABLE));
    assertThat(remote.takeFrames()).isEmpty();
  }

  @Test
  void shouldTranslateTheNodesOwnTrafficToAService() {
    node.serve(IpProtocol.TCP, SERVICE, 80, remote.ip() + ":8080");
    remote.serving();
    node.sendFromKernel(tcp("172.30.0.11", SERVICE).ports(4000, 80));
    network.run();

    expect(remote.takePacket(), source(node.gateway()), ports(4000, 8080), ttl(63));
    SeenPacket answer = node.takeKernelPackets().get(0);
    expect(answer, source(SERVICE), destination("172.30.0.11"), ports(80, 4000));
  }

  @Test
  void shouldTranslateOutsidersTrafficToAServiceSoThatAnswersComeBack() {
    node.serve(IpProtocol.TCP, SERVICE, 80, remote.ip() + ":8080");
    remote.serving();
    node.sendFromKernel(tcp("172.30.0.99", SERVICE).ports(4000, 80));
    network.run();

    expect(remote.takePacket(), source(node.gateway()), ports(4000, 8080), ttl(62));
    SeenPacket answer = node.takeKernelPackets().get(0);
    expect(answer, source(SERVICE), destination("172.30.0.99"), ports(80, 4000));
  }

  @Test
  void shouldReachABackendOutsideTheClusterFromAPod() {
    node.serve(IpProtocol.TCP, SERVICE, 443, "172.30.0.2:6500");
    client.send(tcp(client.ip(), SERVICE).ports(4000, 443));
    network.run();

    SeenPacket request = node.takeKernelPackets().get(0);
    expect(
        request,
        source("172.30.0.11"),
        destination("172.30.0.2"),
        sourcePortBetween(TestNode.FIRST_EGRESS_PORT, TestNode.LAST_EGRESS_PORT),
        destinationPort(6500));

    node.sendFromKernel(answerTo(request));
    network.run();
    expect(client.takePacket(), source(SERVICE), destination(client.ip()), ports(443, 4000));
  }

  @Test
  void shouldReachABackendOutsideTheClusterFromTheNode() {
    node.serve(IpProtocol.TCP, SERVICE, 443, "172.30.0.2:6500");
    node.sendFromKernel(tcp("172.30.0.11", SERVICE).ports(4000, 443));
    network.run();

    SeenPacket request = node.takeKernelPackets().get(0);
    expect(
        request,
        source("172.30.0.11"),
        destination("172.30.0.2"),
        sourcePortBetween(TestNode.FIRST_EGRESS_PORT, TestNode.LAST_EGRESS_PORT));

    node.sendFromKernel(answerTo(request));
    network.run();
    expect(
        node.takeKernelPackets().get(0),
        source(SERVICE),
        destination("172.30.0.11"),
        ports(443, 4000));
  }

  @Test
  void shouldServeTwoServicesWithOneBackendToOneClientPort() {
    node.serve(IpProtocol.UDP, SERVICE, 53, neighbour.ip() + ":53");
    node.serve(IpProtocol.UDP, "10.96.0.21", 53, neighbour.ip() + ":53");
    neighbour.serving();
    client.send(udp(client.ip(), SERVICE).ports(4000, 53).payload("a"));
    client.send(udp(client.ip(), "10.96.0.21").ports(4000, 53).payload("b"));
    client.send(udp(client.ip(), neighbour.ip()).ports(4000, 53).payload("c"));
    network.run();

    var answers = client.takePackets();
    assertThat(answers).hasSize(3);
    expect(answers.get(0), source(SERVICE), ports(53, 4000), payload("a"));
    expect(answers.get(1), source("10.96.0.21"), ports(53, 4000), payload("b"));
    expect(answers.get(2), source(neighbour.ip()), ports(53, 4000), payload("c"));
    neighbour.takePackets().forEach(seen -> expect(seen, source(client.ip())));
  }

  @Test
  void shouldAnswerEchoRequestsToAClusterIpInTheIpvsMode() {
    node.datapath().balance(new ProxySettings(ProxyMode.IPVS, IpvsScheduler.RR));
    node.serve(IpProtocol.TCP, SERVICE, 80, remote.ip() + ":80");
    client.send(ping(client.ip(), SERVICE, 9).payload("hello"));
    network.run();

    expect(
        client.takePacket(),
        source(SERVICE),
        destination(client.ip()),
        icmp(IcmpType.ECHO_REPLY, 0),
        payload("hello"));
    assertThat(node.datapath().conntrack().size()).isZero();
  }

  @Test
  void shouldDropEchoRequestsToAClusterIp() {
    node.serve(IpProtocol.TCP, SERVICE, 80, remote.ip() + ":80");
    client.send(ping(client.ip(), SERVICE, 9));
    network.run();

    assertThat(client.takeFrames()).isEmpty();
    assertThat(node.drops(DropReason.SERVICE_PORT_UNKNOWN)).isEqualTo(1);
  }
}
