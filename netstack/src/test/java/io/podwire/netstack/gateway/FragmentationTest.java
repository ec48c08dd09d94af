package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.fragment;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static io.podwire.netstack.wire.PacketCheck.expect;
import static io.podwire.netstack.wire.PacketCheck.ports;
import static io.podwire.netstack.wire.PacketCheck.source;
import static io.podwire.netstack.wire.PacketCheck.sourcePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.Reassembly;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IpProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentationTest {

  private static final String SERVICE = "10.96.0.20";
  private static final String SERVER = "192.0.2.7";

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod neighbour = node.addPod(3);
  private final TestPod remote = network.node(2).addPod(2);

  private void sendFragments(TestPod pod, PacketBuilder datagram, int octetsEach) {
    pod.address(datagram.from(pod.mac())).fragments(octetsEach).forEach(pod::sendFrame);
    network.run();
  }

  @Test
  void shouldCutWhatIsTooLongForTheTunnelIntoWhatReassembles() {
    PacketBuilder datagram =
        udp(client.ip(), remote.ip()).ports(4000, 53).payload(4000).options(8).id(99);
    client.send(datagram);
    network.run();

    List<SeenPacket> fragments = remote.takePackets();
    assertThat(fragments).hasSize(3);
    for (SeenPacket seen : fragments) {
      assertThat(seen.ip().totalLength()).isLessThanOrEqualTo(TestNode.POD_MTU);
      assertThat(seen.ip().identification()).isEqualTo(99);
    }
    SeenPacket whole = Reassembly.of(fragments);
    expect(whole, source(client.ip()), ports(4000, 53));
    assertThat(whole.payload())
        .isEqualTo(SeenPacket.of(udp("1.1.1.1", "2.2.2.2").payload(4000).frame()).payload());
  }

  @Test
  void shouldCompleteAPendingChecksumBeforeCutting() {
    client.send(udp(client.ip(), remote.ip()).ports(4000, 53).payload(2000).checksumPending());
    network.run();

    expect(Reassembly.of(remote.takePackets()), source(client.ip()), ports(4000, 53));
  }

  @Test
  void shouldCutAFragmentAgain() {
    sendFragments(client, udp(client.ip(), remote.ip()).ports(4000, 53).payload(5000), 2000);

    List<SeenPacket> fragments = remote.takePackets();
    assertThat(fragments).hasSizeGreaterThan(4);
    expect(Reassembly.of(fragments), source(client.ip()), ports(4000, 53));
  }

  @Test
  void shouldTakeAllFragmentsThroughAService() {
    node.serve(IpProtocol.UDP, SERVICE, 53, remote.ip() + ":5353");
    sendFragments(client, udp(client.ip(), SERVICE).ports(4000, 53).payload(5000), 1400);

    List<SeenPacket> fragments = remote.takePackets();
    assertThat(fragments).hasSize(4);
    SeenPacket request = Reassembly.of(fragments);
    expect(request, source(client.ip()), ports(4000, 5353));

    sendFragments(remote, answerTo(request), 1400);
    expect(Reassembly.of(client.takePackets()), source(SERVICE), ports(53, 4000));
  }

  @Test
  void shouldTakeAllFragmentsThroughAServiceOnOneNode() {
    node.serve(IpProtocol.UDP, SERVICE, 53, neighbour.ip() + ":5353");
    sendFragments(client, udp(client.ip(), SERVICE).ports(4000, 53).payload(3000), 1400);
    SeenPacket request = Reassembly.of(neighbour.takePackets());
    sendFragments(neighbour, answerTo(request), 1400);

    expect(Reassembly.of(client.takePackets()), source(SERVICE), ports(53, 4000));
  }

  @Test
  void shouldTranslateFragmentedEchoes() {
    sendFragments(client, ping(client.ip(), SERVER, 7).payload(3000), 1400);
    SeenPacket request = Reassembly.of(node.takeKernelPackets());
    assertThat(request.icmp().identifier()).isNotEqualTo(7);

    for (Frame piece :
        answerTo(request).from(node.config().kernelMac()).to(node.gatewayMac()).fragments(1400)) {
      node.receiveFromKernel(piece);
    }
    network.run();
    expect(Reassembly.of(client.takePackets()), source(SERVER), sourcePort(7));
  }

  @Test
  void shouldDropALaterFragmentWhoseFirstWasNeverSeen() {
    byte[] data = new byte[64];
    client.send(fragment(IpProtocol.UDP, client.ip(), remote.ip(), 64, data).id(5));
    network.run();

    assertThat(remote.takeFrames()).isEmpty();
    assertThat(node.drops(DropReason.FRAGMENT_WITHOUT_FIRST)).isEqualTo(1);
  }

  @Test
  void shouldForgetADatagramAfterThirtySeconds() {
    List<Frame> pieces =
        client
            .address(udp(client.ip(), remote.ip()).ports(1, 2).payload(64).from(client.mac()))
            .fragments(32);
    client.sendFrame(pieces.get(0));
    network.run();
    network.advance(30_000);
    client.sendFrame(pieces.get(1));
    network.run();

    assertThat(node.drops(DropReason.FRAGMENT_WITHOUT_FIRST)).isEqualTo(1);
  }

  @Test
  void shouldNotLetOnePodsFirstFragmentsStopEverybodysDatagrams() {
    for (int id = 0; id < 6000; id++) {
      PacketBuilder first =
          client.address(
              udp(client.ip(), remote.ip()).ports(id, 2).payload(64).id(id).from(client.mac()));
      client.sendFrame(first.fragments(32).get(0));
    }
    network.run();
    remote.takeFrames();
    sendFragments(neighbour, udp(neighbour.ip(), remote.ip()).ports(1, 2).payload(3000), 1400);

    expect(Reassembly.of(remote.takePackets()), source(neighbour.ip()));
  }

  @Test
  void shouldNotBeginAConnectionWithALaterFragment() {
    node.serve(IpProtocol.UDP, SERVICE, 53, remote.ip() + ":5353");
    List<Frame> pieces =
        client
            .address(udp(client.ip(), SERVICE).ports(1, 53).payload(64).from(client.mac()))
            .fragments(32);
    client.sendFrame(pieces.get(0));
    network.run();
    node.datapath().conntrack().removeIf(connection -> true);
    client.sendFrame(pieces.get(1));
    network.run();

    assertThat(node.datapath().conntrack().size()).isZero();
    assertThat(node.drops(DropReason.SERVICE_UNKNOWN)).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnMtuThatNoPacketFits() {
    GatewayConfig config = TestNode.config(1);
    assertThatThrownBy(() ->
            new GatewayConfig(
                config.gateway(),
                config.node(),
                config.podCidr(),
                config.podCidrs(),
                config.serviceCidrs(),
                config.gatewayMac(),
                config.vtepMac(),
                config.kernelMac(),
                20,
                1500,
                1,
                2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("podMtu must be at least 68, got 20");
  }
}
