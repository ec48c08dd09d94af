package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.icmpError;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.pong;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static io.podwire.netstack.wire.PacketCheck.destination;
import static io.podwire.netstack.wire.PacketCheck.destinationPort;
import static io.podwire.netstack.wire.PacketCheck.expect;
import static io.podwire.netstack.wire.PacketCheck.icmpv6;
import static io.podwire.netstack.wire.PacketCheck.macs;
import static io.podwire.netstack.wire.PacketCheck.payload;
import static io.podwire.netstack.wire.PacketCheck.ports;
import static io.podwire.netstack.wire.PacketCheck.quotingIpv6;
import static io.podwire.netstack.wire.PacketCheck.resetOf;
import static io.podwire.netstack.wire.PacketCheck.source;
import static io.podwire.netstack.wire.PacketCheck.sourcePortBetween;
import static io.podwire.netstack.wire.PacketCheck.ttl;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.DiscoveryFrames;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNetwork.Families;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.VirtualService;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What Pods see of IPv6, beside IPv4 and without it: the tunnel is of the first family. */
@ParameterizedClass
@EnumSource(
    value = Families.class,
    names = {"DUAL", "IPV6"})
class Ipv6TrafficTest {

  private static final String SERVICE = "fd00:10:96::20";
  private static final String OUTSIDE = "2001:db8::80";

  @Parameter private Families families = Families.DUAL;

  private TestNetwork network = new TestNetwork();
  private TestNode node;
  private TestPod client;
  private TestPod neighbour;
  private TestPod remote;

  @BeforeEach
  void build() {
    network = TestNetwork.ofNodes(2, families);
    node = network.node(1);
    client = node.addPod(2);
    neighbour = node.addPod(3);
    remote = network.node(2).addPod(2);
  }

  private String gateway() {
    return Objects.requireNonNull(node.config().gateway(false)).toString();
  }

  @Test
  void shouldBridgeBetweenPodsOfOneNodeWithoutTouchingThePacket() {
    client.send(udp(client.ipv6(), neighbour.ipv6()).ports(4000, 53).payload("hello"));
    network.run();

    expect(
        neighbour.takePacket(),
        macs(client.mac(), neighbour.mac()),
        source(client.ipv6()),
        destination(neighbour.ipv6()),
        ttl(64),
        ports(4000, 53),
        payload("hello"));
    assertThat(network.takeWire()).isEmpty();
  }

  @Test
  void shouldRouteBetweenNodesOverTwoRoutersWithTheSourceKept() {
    remote.serving();
    client.send(tcp(client.ipv6(), remote.ipv6()).ports(4000, 80));
    network.run();

    expect(
        remote.takePacket(),
        macs(network.node(2).gatewayMac(), remote.mac()),
        source(client.ipv6()),
        destination(remote.ipv6()),
        ttl(62));
    SeenPacket answer = client.takePacket();
    expect(answer, source(remote.ipv6()), ports(80, 4000), ttl(62));
    assertThat(answer.tcp().flags()).isEqualTo(TcpFlags.SYN | TcpFlags.ACK);
    assertThat(network.takeWire()).allMatch(datagram -> datagram.from().isIpv4() == isDual());
  }

  private boolean isDual() {
    return families == Families.DUAL;
  }

  @Test
  void shouldEchoAcrossNodes() {
    remote.serving();
    client.send(ping(client.ipv6(), remote.ipv6(), 77).payload("ping"));
    network.run();

    expect(client.takePacket(), source(remote.ipv6()), icmpv6(Icmpv6Type.ECHO_REPLY, 0), ttl(62));
  }

  @Test
  void shouldTranslateAServiceThereAndBack() {
    remote.serving();
    node.serve(IpProtocol.TCP, SERVICE, 80, "[" + remote.ipv6() + "]:8080");
    client.send(tcp(client.ipv6(), SERVICE).ports(4000, 80));
    network.run();

    expect(remote.takePacket(), source(client.ipv6()), ports(4000, 8080));
    expect(client.takePacket(), source(SERVICE), ports(80, 4000));
  }

  @Test
  void shouldTranslateTheAnswerOfANeighbourThatIsBridged() {
    neighbour.serving();
    node.serve(IpProtocol.UDP, SERVICE, 53, "[" + neighbour.ipv6() + "]:5353");
    client.send(udp(client.ipv6(), SERVICE).ports(4000, 53).payload("question"));
    network.run();

    expect(neighbour.takePacket(), source(client.ipv6()), ports(4000, 5353));
    expect(client.takePacket(), source(SERVICE), ports(53, 4000), payload("question"));
  }

  @Test
  void shouldReplaceTheSourceOfAPodThatReachesItself() {
    node.serve(IpProtocol.TCP, SERVICE, 80, "[" + client.ipv6() + "]:8080");
    client.send(tcp(client.ipv6(), SERVICE).ports(4000, 80));
    network.run();
    SeenPacket request = client.takePacket();
    expect(request, source(gateway()), destinationPort(8080));

    client.send(answerTo(request));
    network.run();
    expect(client.takePacket(), source(SERVICE), ports(80, 4000));
  }

  @Test
  void shouldResetTcpAndRefuseUdpToAServiceWithoutEndpoints() {
    node.serve(IpProtocol.TCP, SERVICE, 80);
    node.serve(IpProtocol.UDP, SERVICE, 53);

    client.send(tcp(client.ipv6(), SERVICE).ports(4000, 80).sequence(7));
    network.run();
    expect(
        client.takePacket(),
        source(SERVICE),
        ports(80, 4000),
        resetOf(TcpFlags.RST | TcpFlags.ACK, 0, 8));

    client.send(udp(client.ipv6(), SERVICE).ports(4001, 53).payload("question"));
    network.run();
    expect(
        client.takePacket(),
        source(gateway()),
        icmpv6(Icmpv6Type.UNREACHABLE, Icmpv6Type.PORT_UNREACHABLE),
        quotingIpv6(client.ipv6(), 4001, SERVICE, 53));
  }

  @Test
  void shouldDropEchoRequestsToAService() {
    node.serve(IpProtocol.TCP, SERVICE, 80, "[" + remote.ipv6() + "]:8080");
    client.send(ping(client.ipv6(), SERVICE, 1));
    network.run();

    assertThat(client.takePackets()).isEmpty();
    assertThat(node.drops(DropReason.SERVICE_PORT_UNKNOWN)).isEqualTo(1);
  }

  @Test
  void shouldTranslateErrorsAboutATranslatedConnection() {
    node.serve(IpProtocol.UDP, SERVICE, 53, "[" + remote.ipv6() + "]:5353");
    client.send(udp(client.ipv6(), SERVICE).ports(4000, 53).payload(200));
    network.run();

    remote.send(
        icmpError(
            remote.ipv6(),
            client.ipv6(),
            Icmpv6Type.UNREACHABLE,
            Icmpv6Type.PORT_UNREACHABLE,
            remote.takePacket()));
    network.run();

    expect(
        client.takePacket(),
        source(SERVICE),
        icmpv6(Icmpv6Type.UNREACHABLE, Icmpv6Type.PORT_UNREACHABLE),
        quotingIpv6(client.ipv6(), 4000, SERVICE, 53));
  }

  @Test
  void shouldSayThatAPacketIsTooBigAndNeverFragmentIt() {
    client.send(udp(client.ipv6(), remote.ipv6()).ports(4000, 53).payload(TestNode.POD_MTU - 47));
    network.run();

    SeenPacket error = client.takePacket();
    expect(
        error,
        source(gateway()),
        icmpv6(Icmpv6Type.PACKET_TOO_BIG, 0),
        quotingIpv6(client.ipv6(), 4000, remote.ipv6(), 53));
    assertThat(error.icmpv6().mtu()).isEqualTo(TestNode.POD_MTU);
    assertThat(error.ipBytes()).hasSize(1280);
    assertThat(remote.takePackets()).isEmpty();

    client.send(udp(client.ipv6(), remote.ipv6()).ports(4000, 53).payload(TestNode.POD_MTU - 48));
    network.run();
    assertThat(remote.takePackets()).hasSize(1);
  }

  @Test
  void shouldTranslateWhatIsTooBigForAServiceBackToTheService() {
    node.serve(IpProtocol.UDP, SERVICE, 53, "[" + remote.ipv6() + "]:5353");
    client.send(udp(client.ipv6(), SERVICE).ports(4000, 53).payload(TestNode.POD_MTU));
    network.run();

    expect(
        client.takePacket(),
        icmpv6(Icmpv6Type.PACKET_TOO_BIG, 0),
        quotingIpv6(client.ipv6(), 4000, SERVICE, 53));
  }

  @Test
  void shouldSayThatTheHopLimitIsUsedUp() {
    client.send(udp(client.ipv6(), remote.ipv6()).ports(4000, 53).payload("far").ttl(1));
    network.run();
    expect(client.takePacket(), source(gateway()), icmpv6(Icmpv6Type.TIME_EXCEEDED, 0));

    client.send(udp(client.ipv6(), remote.ipv6()).ports(4000, 53).payload("far").ttl(2));
    network.run();
    expect(client.takePacket(), source("fd00:10:244:2::1"), icmpv6(Icmpv6Type.TIME_EXCEEDED, 0));
  }

  @Test
  void shouldTranslateFragmentsThatTheSenderHasMade() {
    node.serve(IpProtocol.UDP, SERVICE, 53, "[" + remote.ipv6() + "]:5353");
    for (Frame piece :
        client
            .address(udp(client.ipv6(), SERVICE).ports(4000, 53).payload(3000).id(0x9abcdef0))
            .from(client.mac())
            .fragments(1200)) {
      client.sendFrame(piece);
    }
    network.run();

    List<SeenPacket> pieces = remote.takePackets();
    assertThat(pieces).hasSize(3);
    assertThat(pieces)
        .allSatisfy(piece -> expect(piece, source(client.ipv6()), destination(remote.ipv6())));
    assertThat(pieces.get(0).destinationPort()).isEqualTo(5353);
    assertThat(pieces).allMatch(piece -> piece.ipv6().fragmentIdentification() == 0x9abcdef0);
  }

  @Test
  void shouldTakeFragmentsFromOutsideToANodePort() {
    String at = "fd30::11";
    node.serve(
        IpProtocol.UDP,
        at,
        30_053,
        new VirtualService(
            "test/port",
            Frontend.NODE_PORT,
            TestNode.backends("[" + client.ipv6() + "]:5353"),
            List.of(),
            false,
            0,
            List.of()));
    fromOutside(udp(OUTSIDE, at).ports(4000, 30_053).payload(2400).id(7));
    List<SeenPacket> pieces = client.takePackets();
    assertThat(pieces).hasSize(3);
    assertThat(pieces)
        .allSatisfy(piece -> expect(piece, source(gateway()), destination(client.ipv6())));
    assertThat(pieces.get(0).destinationPort()).isEqualTo(5353);
    assertThat(node.takeKernelPackets()).isEmpty();
  }

  @Test
  void shouldGiveFragmentsForTheNodeItselfBackAsTheyWere() {
    fromOutside(udp(OUTSIDE, "fd30::11").ports(4000, 53).payload(2400).id(7));

    List<SeenPacket> pieces = node.takeKernelPackets();
    assertThat(pieces).hasSize(3);
    assertThat(pieces)
        .allSatisfy(piece -> expect(piece, source(OUTSIDE), destination("fd30::11"), ttl(64)));
    expect(pieces.get(0), ports(4000, 53));
  }

  /** In pieces, as the node's kernel hands them on. */
  private void fromOutside(PacketBuilder datagram) {
    datagram
        .from(node.config().kernelMac())
        .to(node.gatewayMac())
        .fragments(1200)
        .forEach(node::receiveFromKernel);
    network.run();
  }

  @Test
  void shouldAnswerEchoRequestsToTheGatewaysLinkLocalAddress() {
    String own = DiscoveryFrames.linkLocal(client.mac()).toString();
    String router = DiscoveryFrames.linkLocal(node.gatewayMac()).toString();
    for (String from : List.of(own, client.ipv6())) {
      client.sendFrame(
          ping(from, router, 7).payload("hello").from(client.mac()).to(node.gatewayMac()).frame());
      network.run();

      expect(
          client.takePacket(),
          macs(node.gatewayMac(), client.mac()),
          source(router),
          destination(from),
          icmpv6(Icmpv6Type.ECHO_REPLY, 0),
          payload("hello"));
    }
    client.sendFrame(
        udp(own, router).ports(4000, 53).from(client.mac()).to(node.gatewayMac()).frame());
    network.run();
    assertThat(client.takePackets()).isEmpty();
    assertThat(node.drops(DropReason.NO_ROUTE)).isEqualTo(1);
  }

  @Test
  void shouldDropAFragmentWithoutTheFirst() {
    List<Frame> pieces =
        client
            .address(udp(client.ipv6(), remote.ipv6()).ports(4000, 53).payload(3000))
            .from(client.mac())
            .fragments(1200);
    client.sendFrame(pieces.get(1));
    network.run();

    assertThat(remote.takePackets()).isEmpty();
    assertThat(node.drops(DropReason.FRAGMENT_WITHOUT_FIRST)).isEqualTo(1);
  }

  @Test
  void shouldMasqueradeWhatLeavesTheClusterWithTheNodesAddress() {
    client.send(tcp(client.ipv6(), OUTSIDE).ports(4000, 443));
    client.send(ping(client.ipv6(), OUTSIDE, 4000));
    network.run();

    List<SeenPacket> left = node.takeKernelPackets();
    assertThat(left).hasSize(2);
    expect(
        left.get(0),
        source("fd30::11"),
        destination(OUTSIDE),
        sourcePortBetween(TestNode.FIRST_EGRESS_PORT, TestNode.LAST_EGRESS_PORT));
    expect(left.get(1), source("fd30::11"), icmpv6(Icmpv6Type.ECHO_REQUEST, 0));

    node.sendFromKernel(
        tcp(OUTSIDE, "fd30::11")
            .ports(443, left.get(0).sourcePort())
            .flags(TcpFlags.SYN | TcpFlags.ACK));
    network.run();
    expect(client.takePacket(), source(OUTSIDE), destination(client.ipv6()), ports(443, 4000));
  }

  @Test
  void shouldTakeOfTheKernelsCopiesOnlyWhatIsAPods() {
    client.send(ping(client.ipv6(), OUTSIDE, 4000));
    client.send(udp(client.ipv6(), OUTSIDE).ports(4000, 53).payload(100));
    network.run();
    List<SeenPacket> left = node.takeKernelPackets();

    node.copyFromKernel(pong(OUTSIDE, "fd30::11", left.get(0).sourcePort()));
    node.copyFromKernel(
        icmpError("2001:db8::1", "fd30::11", Icmpv6Type.PACKET_TOO_BIG, 0, left.get(1)).rest(1300));
    node.copyFromKernel(pong(OUTSIDE, "fd30::11", 9));
    network.run();

    List<SeenPacket> arrived = client.takePackets();
    assertThat(arrived).hasSize(2);
    expect(arrived.get(0), source(OUTSIDE), icmpv6(Icmpv6Type.ECHO_REPLY, 0));
    assertThat(arrived.get(0).sourcePort()).isEqualTo(4000);
    expect(
        arrived.get(1),
        source("2001:db8::1"),
        icmpv6(Icmpv6Type.PACKET_TOO_BIG, 0),
        quotingIpv6(client.ipv6(), 4000, OUTSIDE, 53));
    assertThat(arrived.get(1).icmpv6().mtu()).isEqualTo(1300);
    assertThat(node.takeKernelPackets()).isEmpty();
  }

  @Test
  void shouldLetTheNodeReachPodsAndServices() {
    remote.serving();
    node.serve(IpProtocol.TCP, SERVICE, 80, "[" + remote.ipv6() + "]:8080");
    node.sendFromKernel(tcp("fd30::11", SERVICE).ports(4000, 80));
    network.run();

    expect(remote.takePacket(), source(gateway()), destinationPort(8080));
    expect(node.takeKernelPackets().getFirst(), source(SERVICE), destination("fd30::11"));
  }

  @Test
  void shouldSayThatNobodyHasAnAddressOfTheNodesPods() {
    client.send(ping(client.ipv6(), "fd00:10:244:1::77", 1).to(node.gatewayMac()));
    network.run();
    assertThat(neighbour.takeFrames()).as("who is asked").isNotEmpty();
    client.takeFrames();
    network.pass(4000);

    expect(
        client.takePacket(),
        source(gateway()),
        icmpv6(Icmpv6Type.UNREACHABLE, Icmpv6Type.ADDRESS_UNREACHABLE));
  }

  @Test
  void shouldSayThatNoNodeHasAnAddress() {
    client.send(ping(client.ipv6(), "fd00:10:244:99::2", 1));
    network.run();

    expect(
        client.takePacket(),
        source(gateway()),
        icmpv6(Icmpv6Type.UNREACHABLE, Icmpv6Type.NO_ROUTE));
  }

  @Test
  void shouldFindAnEndpointWhoseMacIsNotPublished() {
    TestNode second = network.node(2);
    node.datapath().removePeer(second.config().families().getLast().podCidr(), second.vtep(true));
    second
        .config()
        .families()
        .forEach(family -> node.datapath().removePeer(family.podCidr(), second.vtep(true)));
    node.addPeer(second, false);
    client.send(udp(client.ipv6(), remote.ipv6()).ports(4000, 53).payload("hello"));
    network.run();

    expect(remote.takePacket(), source(client.ipv6()), payload("hello"));
  }

  @Test
  void shouldRefuseMappedAddresses() {
    client.send(udp(client.ipv6(), "::ffff:10.244.2.2").ports(4000, 53).to(node.gatewayMac()));
    network.run();

    assertThat(node.drops(DropReason.MALFORMED_IPV6)).isEqualTo(1);
    assertThat(remote.takePackets()).isEmpty();
  }

  @Test
  void shouldRefuseForeignSources() {
    client.send(udp(neighbour.ipv6(), remote.ipv6()).ports(4000, 53));
    network.run();

    assertThat(node.drops(DropReason.SPOOFED_IP)).isEqualTo(1);
    assertThat(remote.takePackets()).isEmpty();
  }

  @Test
  void shouldNotRouteLinkLocalSources() {
    client.send(
        udp("fe80::858:aff:fe" + lastOctets(), remote.ipv6()).ports(4000, 53).payload("no"));
    network.run();

    assertThat(remote.takePackets()).isEmpty();
    assertThat(network.takeWire()).isEmpty();
  }

  private String lastOctets() {
    long mac = client.mac().value();
    return "%02x:%04x".formatted(mac >>> 16 & 0xff, mac & 0xffff);
  }

  @Test
  void shouldCarryUnsegmentedTcpInSegmentsOfTheTunnel() {
    client.send(
        tcp(client.ipv6(), remote.ipv6())
            .ports(4000, 80)
            .flags(TcpFlags.ACK)
            .payload(20_000)
            .checksumPending()
            .segmentSize(TestNode.POD_MTU - 60));
    network.run();

    assertThat(network.takeWire()).hasSize(15).allMatch(sent -> sent.payload().length <= 1472);
    List<SeenPacket> seen = remote.takePackets();
    assertThat(seen.stream().mapToInt(packet -> packet.payload().length).sum()).isEqualTo(20_000);
    assertThat(seen).as("joined again").hasSizeLessThan(3);
  }
}
