package io.podwire.netstack.gateway;

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
import static io.podwire.netstack.wire.PacketCheck.ttl;
import static io.podwire.netstack.wire.PacketCheck.udpChecksum;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.TcpFlags;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodToPodTest {

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestPod client = network.node(1).addPod(2);
  private final TestPod neighbour = network.node(1).addPod(3);
  private final TestPod remote = network.node(2).addPod(2);

  @Test
  void shouldBridgeBetweenPodsOfOneNodeWithoutTouchingThePacket() {
    client.send(udp(client.ip(), neighbour.ip()).ports(4000, 53).payload("hello"));
    network.run();

    expect(
        neighbour.takePacket(),
        macs(client.mac(), neighbour.mac()),
        source(client.ip()),
        destination(neighbour.ip()),
        ttl(64),
        ports(4000, 53),
        payload("hello"));
    assertThat(network.takeWire()).isEmpty();
    assertThat(client.takeFrames()).isEmpty();
  }

  @Test
  void shouldRouteBetweenNodesOverTwoRoutersWithTheSourceKept() {
    client.send(udp(client.ip(), remote.ip()).ports(4000, 53).payload("hello"));
    network.run();

    expect(
        remote.takePacket(),
        macs(network.node(2).gatewayMac(), remote.mac()),
        source(client.ip()),
        destination(remote.ip()),
        ttl(62),
        ports(4000, 53),
        payload("hello"));
  }

  @Test
  void shouldAnswerAcrossNodesFromTheAddressThatWasAsked() {
    remote.serving();
    client.send(tcp(client.ip(), remote.ip()).ports(4000, 80));
    network.run();

    SeenPacket answer = client.takePacket();
    expect(answer, source(remote.ip()), ports(80, 4000), ttl(62));
    assertThat(answer.tcp().flags()).isEqualTo(TcpFlags.SYN | TcpFlags.ACK);
  }

  @Test
  void shouldEncapsulateAsRfc7348Says() {
    client.send(udp(client.ip(), remote.ip()).ports(4000, 53).payload("hello"));
    network.run();

    List<TestNetwork.Datagram> wire = network.takeWire();
    assertThat(wire).hasSize(1);
    TestNetwork.Datagram datagram = wire.get(0);
    assertThat(datagram.from()).hasToString("172.30.0.11");
    assertThat(datagram.to()).hasToString("172.30.0.12");
    assertThat(datagram.port()).isEqualTo(4789);
    assertThat(datagram.payload()).startsWith(8, 0, 0, 0, 0, 0, 1, 0);
    expect(
        SeenPacket.of(datagram.inner()),
        macs(network.node(1).config().vtepMac(), network.node(2).config().vtepMac()),
        source(client.ip()),
        ttl(63));
  }

  @Test
  void shouldKeepTheFlowHashOfAFlowAndSpreadThatOfOthers() {
    Set<Integer> hashes = new HashSet<>();
    for (int port = 4000; port < 4064; port++) {
      for (int i = 0; i < 3; i++) {
        client.send(udp(client.ip(), remote.ip()).ports(port, 53).payload(i));
      }
      network.run();
      Set<Integer> ofFlow = new HashSet<>();
      network.takeWire().forEach(datagram -> ofFlow.add(datagram.flowBucket()));
      assertThat(ofFlow).hasSize(1);
      ofFlow.forEach(hash -> hashes.add(Math.floorMod(hash, 64)));
    }
    assertThat(hashes).hasSizeGreaterThan(32);
  }

  @Test
  void shouldStripEthernetPaddingBeforeTheTunnel() {
    client.send(udp(client.ip(), remote.ip()).ports(1, 2).payload("x").padding(17));
    network.run();

    expect(remote.takePacket(), payload("x"));
  }

  @Test
  void shouldKeepAUdpChecksumOfZero() {
    client.send(udp(client.ip(), remote.ip()).ports(1, 2).payload("x").withoutChecksum());
    network.run();

    expect(remote.takePacket(), udpChecksum(0));
  }

  @Test
  void shouldCompleteAPendingChecksumBeforeTheTunnelButNotBetweenPods() {
    client.send(udp(client.ip(), remote.ip()).ports(1, 2).payload("abc").checksumPending());
    client.send(tcp(client.ip(), neighbour.ip()).ports(1, 2).payload("abc").checksumPending());
    network.run();

    SeenPacket far = remote.takePacket();
    assertThat(far.wasChecksumPending()).isFalse();
    SeenPacket near = neighbour.takePacket();
    assertThat(near.wasChecksumPending()).isTrue();
  }

  @Test
  void shouldSegmentForTheTunnelAndJoinAgainBehindIt() {
    PacketBuilder sent =
        tcp(client.ip(), remote.ip())
            .ports(1, 2)
            .payload(4000)
            .flags(TcpFlags.ACK | TcpFlags.PSH)
            .dontFragment()
            .checksumPending()
            .segmentSize(1400);
    client.send(sent);
    network.run();

    List<SeenPacket> wire =
        network.takeWire().stream().map(datagram -> SeenPacket.of(datagram.inner())).toList();
    assertThat(wire)
        .extracting(packet -> packet.payload().length)
        .containsExactly(1400, 1400, 1200);
    Frame arrived = remote.takeFrames().getFirst();
    assertThat(arrived.segmentSize()).isEqualTo(1400);
    assertThat(arrived.packets()).isEqualTo(3);
    assertThat(SeenPacket.of(arrived).payload()).isEqualTo(SeenPacket.of(sent.frame()).payload());
    assertThat(network.node(1).datapath().tunnelCounters().sentPackets()).isEqualTo(3);
    assertThat(network.node(2).datapath().tunnelCounters().receivedPackets()).isEqualTo(3);
    assertThat(client.port().counters().receivedPackets()).isEqualTo(3);
    assertThat(remote.port().counters().sentPackets()).isEqualTo(3);
    assertThat(remote.port().counters().sentBytes()).isEqualTo(4000 + 3 * (14 + 20 + 20));
  }

  @Test
  void shouldRefuseAPodNetworkThatNoNodeHas() {
    client.send(udp(client.ip(), "10.244.9.9").ports(1, 2));
    network.run();

    assertThat(network.node(1).takeKernelFrames()).isEmpty();
    assertThat(network.node(1).drops(DropReason.NO_ROUTE)).isEqualTo(1);
    expect(
        client.takePacket(),
        source(network.node(1).gateway()),
        icmp(3, 0),
        quoting(client.ip(), 1, "10.244.9.9", 2));
  }
}
