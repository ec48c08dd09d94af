package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.DiscoveryFrames;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tunnel accepts. */
class TunnelTest {

  private static final String PEER = "172.30.0.12";

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod pod = node.addPod(2);

  private byte[] datagram() {
    return datagram(node.config().vtepMac(), EtherType.IPV4);
  }

  private byte[] datagram(MacAddress to, int etherType) {
    Frame inner =
        udp("10.244.2.2", pod.ip())
            .ports(1, 2)
            .payload("in")
            .from(network.node(2).config().vtepMac())
            .to(to)
            .frame();
    new EthernetView().wrap(inner.buffer(), inner.start(), inner.length()).setEtherType(etherType);
    byte[] payload = new byte[VxlanView.HEADER_LENGTH + inner.length()];
    payload[0] = 8;
    payload[6] = 1;
    inner.buffer().get(inner.start(), payload, VxlanView.HEADER_LENGTH, inner.length());
    return payload;
  }

  private void expectDrop(DropReason reason) {
    network.run();
    assertThat(pod.takeFrames()).isEmpty();
    assertThat(node.drops(reason)).isEqualTo(1);
    assertThat(node.datapath().drops().total()).isEqualTo(1);
    assertThat(node.takeKernelFrames()).isEmpty();
  }

  @Test
  void shouldTakeAKnownPeersDatagram() {
    node.receiveFromTunnel(PEER, datagram());
    network.run();

    assertThat(pod.takePacket().text()).isEqualTo("in");
    assertThat(node.datapath().tunnelCounters().receivedPackets()).isEqualTo(1);
  }

  @Test
  void shouldIgnoreReservedBits() {
    byte[] payload = datagram();
    payload[0] = (byte) 0xff;
    payload[1] = (byte) 0xff;
    payload[7] = (byte) 0xff;
    node.receiveFromTunnel(PEER, payload);
    network.run();

    assertThat(pod.takePacket().text()).isEqualTo("in");
  }

  @Test
  void shouldDropAnUnknownPeersDatagram() {
    node.receiveFromTunnel("172.30.0.99", datagram());
    expectDrop(DropReason.UNKNOWN_PEER);
    assertThat(node.datapath().tunnelCounters().droppedFrames()).isEqualTo(1);
  }

  @Test
  void shouldDropAnotherNetworksDatagram() {
    byte[] payload = datagram();
    payload[6] = 2;
    node.receiveFromTunnel(PEER, payload);
    expectDrop(DropReason.UNKNOWN_VNI);
  }

  @Test
  void shouldReadAllThreeOctetsOfTheNetworkIdentifier() {
    byte[] payload = datagram();
    payload[4] = (byte) 0x80;
    node.receiveFromTunnel(PEER, payload);
    expectDrop(DropReason.UNKNOWN_VNI);
  }

  @Test
  void shouldDropADatagramWithoutTheFlag() {
    byte[] payload = datagram();
    payload[0] = (byte) 0xf7;
    node.receiveFromTunnel(PEER, payload);
    expectDrop(DropReason.MALFORMED_VXLAN);
  }

  @Test
  void shouldDropADatagramShorterThanTheHeader() {
    node.receiveFromTunnel(PEER, Arrays.copyOf(datagram(), 7));
    expectDrop(DropReason.MALFORMED_VXLAN);
  }

  @Test
  void shouldDropADatagramWithHalfAnEthernetHeader() {
    for (int inner = 0; inner < EthernetView.HEADER_LENGTH; inner++) {
      node.receiveFromTunnel(PEER, Arrays.copyOf(datagram(), VxlanView.HEADER_LENGTH + inner));
    }
    network.run();
    assertThat(node.drops(DropReason.MALFORMED_ETHERNET)).isEqualTo(EthernetView.HEADER_LENGTH);
  }

  @Test
  void shouldDropWhatIsForAnotherMac() {
    node.receiveFromTunnel(PEER, datagram(node.gatewayMac(), EtherType.IPV4));
    expectDrop(DropReason.NOT_ADDRESSED_TO_ROUTER);
  }

  @Test
  void shouldNotRouteABroadcast() {
    node.receiveFromTunnel(PEER, datagram(MacAddress.BROADCAST, EtherType.IPV4));
    expectDrop(DropReason.NOT_ADDRESSED_TO_ROUTER);
  }

  @Test
  void shouldCountIpv6() {
    node.receiveFromTunnel(PEER, datagram(node.config().vtepMac(), EtherType.IPV6));
    expectDrop(DropReason.IPV6_NOT_ENABLED);
  }

  @Test
  void shouldCountAnUnknownProtocol() {
    node.receiveFromTunnel(PEER, datagram(node.config().vtepMac(), 0x88cc));
    expectDrop(DropReason.UNSUPPORTED_ETHERTYPE);
  }

  @Test
  void shouldCountTaggedFramesFromEverySide() {
    byte[] tagged = datagram(node.config().vtepMac(), EtherType.VLAN);
    node.receiveFromTunnel(PEER, tagged);
    Frame fromKernel = TestNetwork.frameOf(tagged, VxlanView.HEADER_LENGTH);
    node.receiveFromKernel(fromKernel.copy());
    new EthernetView()
        .wrap(fromKernel.buffer(), fromKernel.start(), fromKernel.length())
        .setSource(pod.mac().value());
    pod.sendFrame(fromKernel);
    network.run();

    assertThat(node.drops(DropReason.UNSUPPORTED_ETHERTYPE)).isEqualTo(3);
  }

  @Test
  void shouldCountIpv6OfPodsAndKernel() {
    String own = DiscoveryFrames.linkLocal(pod.mac()).toString();
    Frame frame = udp(own, "fd00::1").ports(1, 2).from(pod.mac()).to(node.gatewayMac()).frame();
    node.receiveFromKernel(frame.copy());
    pod.sendFrame(frame);
    network.run();

    assertThat(node.drops(DropReason.IPV6_NOT_ENABLED)).isEqualTo(2);
  }

  @Test
  void shouldNotRouteWhatTheKernelBroadcasts() {
    node.sendFromKernel(udp("172.30.0.11", pod.ip()).ports(1, 2).to(MacAddress.BROADCAST));
    expectDrop(DropReason.NOT_ADDRESSED_TO_ROUTER);
  }

  @Test
  void shouldRelayForAPeerLikeAnyRouter() {
    byte[] payload = datagram();
    TestPod remote = network.node(2).addPod(7);
    Frame inner = udp("10.244.2.2", remote.ip()).ports(1, 2).to(node.config().vtepMac()).frame();
    byte[] relayed = Arrays.copyOf(payload, VxlanView.HEADER_LENGTH + inner.length());
    inner.buffer().get(inner.start(), relayed, VxlanView.HEADER_LENGTH, inner.length());
    node.receiveFromTunnel(PEER, relayed);
    network.run();

    assertThat(remote.takePacket().ip().timeToLive()).isEqualTo(62);
  }

  /** What a kernel VTEP on a virtual link sends of a datagram that it has not segmented. */
  private byte[] unsegmented(int payload) {
    Frame inner =
        udp("10.244.2.2", pod.ip())
            .ports(1, 2)
            .payload(payload)
            .checksumPending()
            .from(network.node(2).config().vtepMac())
            .to(node.config().vtepMac())
            .frame();
    byte[] bytes = new byte[VxlanView.HEADER_LENGTH + inner.length()];
    bytes[0] = 8;
    bytes[6] = 1;
    inner.buffer().get(inner.start(), bytes, VxlanView.HEADER_LENGTH, inner.length());
    return bytes;
  }

  private void receiveTogether(byte[] payload, int size) {
    Frame frame = TestNetwork.frameOf(payload, 0);
    frame.leaveSegmentation(Frame.SegmentType.UDP, size);
    IpAddress peer = IpAddress.parse(PEER);
    node.datapath().receiveFromTunnel(frame, peer.high(), peer.low(), 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 4000})
  void shouldKeepTheDatagramsOfAKernelThatHasNotSegmentedThem(int payload) {
    receiveTogether(unsegmented(payload), 500);

    Frame arrived = pod.takeFrames().getFirst();
    assertThat(arrived.segmentType()).isEqualTo(Frame.SegmentType.UDP);
    assertThat(arrived.segmentSize()).isEqualTo(500);
    assertThat(arrived.checksumPending()).isTrue();
    assertThat(node.datapath().tunnelCounters().receivedPackets()).isEqualTo(payload / 500);
  }

  @Test
  void shouldCompleteTheChecksumOfAKernelThatLeftItToALink() {
    node.receiveFromTunnel(PEER, unsegmented(100));
    network.run();

    // The Pod sees a packet with the right checksum, or with one that its device completes.
    assertThat(pod.takePacket().payload()).hasSize(100);
  }

  @Test
  void shouldNotRepairAWrongChecksum() {
    byte[] payload = datagram();
    payload[payload.length - 1] ^= 1;
    node.receiveFromTunnel(PEER, payload);
    network.run();

    Frame arrived = pod.takeFrames().getFirst();
    assertThat(arrived.checksumPending()).isFalse();
    byte[] bytes = TestNetwork.bytesOf(arrived);
    int checksumAt = EthernetView.HEADER_LENGTH + 20 + 6;
    assertThat(Arrays.copyOfRange(bytes, checksumAt, bytes.length))
        .isEqualTo(
            Arrays.copyOfRange(payload, VxlanView.HEADER_LENGTH + checksumAt, payload.length));
  }

  @Test
  void shouldNotTakeAPartOfAPacketForAPacket() {
    byte[] whole = unsegmented(4000);
    // IPv6 within: its payload would hold what looks like frames of this network.
    byte[] inside = datagram();
    System.arraycopy(inside, 0, whole, 1000, inside.length);
    whole[VxlanView.HEADER_LENGTH + 12] = (byte) (EtherType.IPV6 >>> 8);
    whole[VxlanView.HEADER_LENGTH + 13] = (byte) EtherType.IPV6;
    whole[VxlanView.HEADER_LENGTH + 18] = 0x0f;
    whole[VxlanView.HEADER_LENGTH + 19] = 0x00;
    receiveTogether(whole, 1000);

    expectDrop(DropReason.MALFORMED_VXLAN);
  }
}
