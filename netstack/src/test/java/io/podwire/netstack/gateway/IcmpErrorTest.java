package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.icmpError;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static io.podwire.netstack.wire.PacketCheck.destination;
import static io.podwire.netstack.wire.PacketCheck.expect;
import static io.podwire.netstack.wire.PacketCheck.icmp;
import static io.podwire.netstack.wire.PacketCheck.nextHopMtu;
import static io.podwire.netstack.wire.PacketCheck.quoting;
import static io.podwire.netstack.wire.PacketCheck.source;
import static io.podwire.packet.IcmpType.FRAGMENTATION_NEEDED;
import static io.podwire.packet.IcmpType.HOST_UNREACHABLE;
import static io.podwire.packet.IcmpType.IN_TRANSIT;
import static io.podwire.packet.IcmpType.PORT_UNREACHABLE;
import static io.podwire.packet.IcmpType.TIME_EXCEEDED;
import static io.podwire.packet.IcmpType.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import org.junit.jupiter.api.Test;

class IcmpErrorTest {

  private static final String SERVICE = "10.96.0.20";

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod neighbour = node.addPod(3);
  private final TestPod remote = network.node(2).addPod(2);

  @Test
  void shouldTellWhereTheTimeToLiveEnded() {
    client.send(udp(client.ip(), remote.ip()).ports(4000, 33434).ttl(1));
    client.send(udp(client.ip(), remote.ip()).ports(4000, 33434).ttl(2));
    network.run();

    var errors = client.takePackets();
    expect(
        errors.get(0),
        source(node.gateway()),
        icmp(TIME_EXCEEDED, IN_TRANSIT),
        quoting(client.ip(), 4000, remote.ip(), 33434));
    expect(
        errors.get(1),
        source(network.node(2).gateway()),
        icmp(TIME_EXCEEDED, IN_TRANSIT),
        quoting(client.ip(), 4000, remote.ip(), 33434));
    assertThat(remote.takeFrames()).isEmpty();
    assertThat(node.drops(DropReason.TTL_EXPIRED)).isEqualTo(1);
    assertThat(network.node(2).drops(DropReason.TTL_EXPIRED)).isEqualTo(1);
  }

  @Test
  void shouldTellOfAnEndedTimeToLiveInTheClientsTerms() {
    node.serve(IpProtocol.UDP, SERVICE, 53, remote.ip() + ":5353");
    client.send(udp(client.ip(), SERVICE).ports(4000, 53).ttl(1));
    client.send(udp(client.ip(), SERVICE).ports(4001, 53).ttl(2));
    network.run();

    var errors = client.takePackets();
    assertThat(errors).hasSize(2);
    expect(errors.get(0), icmp(TIME_EXCEEDED, IN_TRANSIT), quoting(client.ip(), 4000, SERVICE, 53));
    expect(errors.get(1), icmp(TIME_EXCEEDED, IN_TRANSIT), quoting(client.ip(), 4001, SERVICE, 53));
  }

  @Test
  void shouldNotDeliverATimeToLiveOfZeroToOtherNodes() {
    client.send(udp(client.ip(), remote.ip()).ports(1, 2).ttl(0));
    network.run();

    assertThat(network.takeWire()).isEmpty();
    assertThat(node.drops(DropReason.TTL_EXPIRED)).isEqualTo(1);
  }

  @Test
  void shouldTranslateABackendsErrorOverTheBridge() {
    node.serve(IpProtocol.UDP, SERVICE, 53, neighbour.ip() + ":5353");
    client.send(udp(client.ip(), SERVICE).ports(4000, 53).payload("who?"));
    network.run();
    SeenPacket request = neighbour.takePacket();
    neighbour.send(icmpError(neighbour.ip(), client.ip(), UNREACHABLE, PORT_UNREACHABLE, request));
    network.run();

    expect(
        client.takePacket(),
        source(SERVICE),
        icmp(UNREACHABLE, PORT_UNREACHABLE),
        quoting(client.ip(), 4000, SERVICE, 53));
  }

  @Test
  void shouldTranslateARemoteBackendsErrorAndKeepTheQuotedChecksumRight() {
    node.serve(IpProtocol.UDP, SERVICE, 53, remote.ip() + ":5353");
    client.send(udp(client.ip(), SERVICE).ports(4000, 53).payload("who?"));
    network.run();
    SeenPacket request = remote.takePacket();
    remote.send(icmpError(remote.ip(), client.ip(), UNREACHABLE, PORT_UNREACHABLE, request));
    network.run();

    SeenPacket error = client.takePacket();
    expect(error, source(SERVICE), quoting(client.ip(), 4000, SERVICE, 53));
    assertThat(quotedWord(error, 20 + 6)).isEqualTo(udpChecksumOf(client.ip(), SERVICE, "who?"));
  }

  private static int quotedWord(SeenPacket error, int at) {
    return error.ip().buffer().getShort(error.icmp().bodyOffset() + at) & 0xffff;
  }

  private static int udpChecksumOf(String from, String to, String text) {
    return SeenPacket.of(udp(from, to).ports(4000, 53).payload(text).frame()).udp().checksum();
  }

  @Test
  void shouldTranslateAClientsErrorAboutAServicesAnswer() {
    node.serve(IpProtocol.UDP, SERVICE, 53, remote.ip() + ":5353");
    remote.serving();
    client.send(udp(client.ip(), SERVICE).ports(4000, 53));
    network.run();
    SeenPacket answer = client.takePacket();
    remote.takeFrames();
    client.send(icmpError(client.ip(), SERVICE, UNREACHABLE, PORT_UNREACHABLE, answer));
    network.run();

    expect(
        remote.takePacket(),
        source(client.ip()),
        destination(remote.ip()),
        quoting(remote.ip(), 5353, client.ip(), 4000));
  }

  @Test
  void shouldTranslateErrorsOfAHairpin() {
    node.serve(IpProtocol.UDP, SERVICE, 53, client.ip() + ":5353");
    client.send(udp(client.ip(), SERVICE).ports(4000, 53));
    network.run();
    SeenPacket request = client.takePacket();
    client.send(icmpError(client.ip(), node.gateway(), UNREACHABLE, PORT_UNREACHABLE, request));
    network.run();

    expect(
        client.takePacket(),
        source(SERVICE),
        destination(client.ip()),
        quoting(client.ip(), 4000, SERVICE, 53));
  }

  @Test
  void shouldNameTheMtuOfTheTunnelWhereFragmentingIsForbidden() {
    client.send(udp(client.ip(), remote.ip()).ports(4000, 53).payload(1423).dontFragment());
    network.run();

    expect(
        client.takePacket(),
        source(node.gateway()),
        icmp(UNREACHABLE, FRAGMENTATION_NEEDED),
        nextHopMtu(TestNode.POD_MTU),
        quoting(client.ip(), 4000, remote.ip(), 53));
    assertThat(node.drops(DropReason.FRAGMENTATION_NEEDED)).isEqualTo(1);

    client.send(udp(client.ip(), remote.ip()).ports(4000, 53).payload(1422).dontFragment());
    network.run();
    assertThat(remote.takePacket().ip().totalLength()).isEqualTo(TestNode.POD_MTU);
  }

  @Test
  void shouldTellAnOutsideServerOfThePodsMtuInItsTerms() {
    client.send(tcp(client.ip(), "192.0.2.7").ports(4000, 80));
    network.run();
    SeenPacket request = node.takeKernelPackets().get(0);
    node.sendFromKernel(
        PacketBuilder.answerTo(request).flags(TcpFlags.ACK).payload(1460).dontFragment());
    network.run();

    assertThat(client.takeFrames()).isEmpty();
    expect(
        node.takeKernelPackets().get(0),
        source("172.30.0.11"),
        destination("192.0.2.7"),
        icmp(UNREACHABLE, FRAGMENTATION_NEEDED),
        nextHopMtu(TestNode.POD_MTU),
        quoting("192.0.2.7", 80, "172.30.0.11", request.sourcePort()));
  }

  @Test
  void shouldTellOutsidersFromTheNodesAddress() {
    node.sendFromKernel(udp("192.0.2.7", client.ip()).ports(1, 2).ttl(1));
    network.run();

    expect(
        node.takeKernelPackets().get(0),
        source("172.30.0.11"),
        icmp(TIME_EXCEEDED, IN_TRANSIT),
        quoting("192.0.2.7", 1, client.ip(), 2));
  }

  @Test
  void shouldTellOfAnAbsentBackendInTheClientsTerms() {
    node.serve(IpProtocol.UDP, SERVICE, 53, "10.244.1.77:5353");
    client.send(udp(client.ip(), SERVICE).ports(4000, 53));
    network.run();
    network.pass(3000);

    SeenPacket error = client.takePackets().getLast();
    expect(
        error,
        icmp(UNREACHABLE, HOST_UNREACHABLE),
        destination(client.ip()),
        quoting(client.ip(), 4000, SERVICE, 53));
  }

  @Test
  void shouldQuoteAsMuchAsFitsInto576Octets() {
    client.send(udp(client.ip(), remote.ip()).ports(1, 2).payload(1000).ttl(1));
    network.run();

    SeenPacket error = client.takePacket();
    assertThat(error.ip().totalLength()).isEqualTo(576);
    assertThat(error.icmp().bodyLength()).isEqualTo(548);
  }

  @Test
  void shouldNeverAnswerAnErrorWithAnError() {
    client.send(udp(client.ip(), remote.ip()).ports(4000, 53));
    network.run();
    SeenPacket seen = remote.takePacket();
    remote.send(icmpError(remote.ip(), client.ip(), UNREACHABLE, PORT_UNREACHABLE, seen).ttl(1));
    network.run();

    assertThat(network.node(2).drops(DropReason.TTL_EXPIRED)).isEqualTo(1);
    assertThat(remote.takeFrames()).isEmpty();
  }

  @Test
  void shouldNeverAnswerALaterFragment() {
    for (var fragment :
        client
            .address(udp(client.ip(), remote.ip()).ports(1, 2).payload(64).ttl(1))
            .fragments(32)) {
      client.sendFrame(fragment);
    }
    network.run();

    assertThat(client.takePackets()).hasSize(1);
    assertThat(node.drops(DropReason.TTL_EXPIRED)).isEqualTo(3);
  }

  @Test
  void shouldLimitTheRateOfErrors() {
    for (int i = 0; i < 500; i++) {
      client.send(udp(client.ip(), remote.ip()).ports(i, 2).ttl(1));
    }
    network.run();
    assertThat(client.takePackets()).hasSize(50);

    network.advance(10);
    for (int i = 0; i < 500; i++) {
      client.send(udp(client.ip(), remote.ip()).ports(i, 2).ttl(1));
    }
    network.run();
    assertThat(client.takePackets()).hasSize(10);
    assertThat(node.drops(DropReason.TTL_EXPIRED)).isEqualTo(1000);
  }

  @Test
  void shouldDropAnErrorThatIsDamaged() {
    client.send(udp(client.ip(), remote.ip()).ports(4000, 53));
    network.run();
    SeenPacket seen = remote.takePacket();
    PacketBuilder error =
        remote.address(icmpError(remote.ip(), client.ip(), UNREACHABLE, PORT_UNREACHABLE, seen));
    var frame = error.frame();
    frame.buffer().put(frame.end() - 1, (byte) ~frame.buffer().get(frame.end() - 1));
    remote.sendFrame(frame);
    network.run();

    assertThat(client.takeFrames()).isEmpty();
    assertThat(network.node(2).drops(DropReason.MALFORMED_TRANSPORT)).isEqualTo(1);
  }

  @Test
  void shouldPassAnErrorAboutNothingThatIsKnownBetweenPods() {
    SeenPacket never = SeenPacket.of(udp(client.ip(), remote.ip()).ports(9, 9).frame());
    remote.send(icmpError(remote.ip(), client.ip(), UNREACHABLE, PORT_UNREACHABLE, never));
    network.run();

    expect(client.takePacket(), quoting(client.ip(), 9, remote.ip(), 9));
  }

  @Test
  void shouldAnswerPingsThroughBothRouters() {
    remote.serving();
    client.send(ping(client.ip(), remote.ip(), 99).payload("data"));
    network.run();

    expect(client.takePacket(), source(remote.ip()), icmp(0, 0));
  }
}
