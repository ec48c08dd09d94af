package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.icmpError;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.bridge.SourceGuard;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.Checksum;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bytes that nobody should send, into every way in: never an exception, always counted, and the
 * next good packet is treated as ever. Buffers end with the frame, so that a read beyond it throws.
 */
class HostileFramesTest {

  private static final String SERVICE = "10.96.0.20";
  private static final String SERVER = "192.0.2.7";
  private static final int ROUNDS = 20_000;

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod neighbour = node.addPod(3);
  private final TestPod remote = network.node(2).addPod(2);
  private final Random random = new Random(42);
  private final NodeDatapath datapath = node.datapath();

  @BeforeEach
  void serve() {
    node.serve(IpProtocol.UDP, SERVICE, 53, remote.ip() + ":53", neighbour.ip() + ":53");
    node.serve(IpProtocol.TCP, SERVICE, 80, client.ip() + ":80", neighbour.ip() + ":80");
    node.serve(IpProtocol.TCP, SERVICE, 81);
  }

  private void expectThatAllIsWell() {
    node.datapath().tick(network.nowMillis());
    network.run();
    client.takeFrames();
    remote.takeFrames();
    network.takeWire();
    client.send(udp(client.ip(), remote.ip()).ports(4242, 53).payload("still there?"));
    network.run();
    assertThat(remote.takePacket().text()).isEqualTo("still there?");
  }

  private byte[] randomBytes(int max) {
    byte[] bytes = new byte[random.nextInt(max)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void shouldSurviveRandomBytesFromEverySide() {
    for (int i = 0; i < ROUNDS; i++) {
      datapath.receiveFromPod(
          client.port(), TestNetwork.frameOf(randomBytes(120), 0), network.nowMillis());
      datapath.receiveFromKernel(TestNetwork.frameOf(randomBytes(120), 0), network.nowMillis());
      datapath.receiveFromTunnel(
          TestNetwork.frameOf(randomBytes(120), 0),
          network.node(2).address().high(),
          network.node(2).address().low(),
          network.nowMillis());
    }
    assertThat(datapath.drops().total()).isEqualTo(3L * ROUNDS);
    assertThat(client.port().counters().receivedPackets()).isEqualTo(ROUNDS);
    assertThat(client.port().counters().droppedFrames()).isEqualTo(ROUNDS);
    assertThat(datapath.kernelCounters().receivedPackets()).isEqualTo(ROUNDS);
    assertThat(datapath.tunnelCounters().receivedPackets()).isEqualTo(ROUNDS);
    expectThatAllIsWell();
  }

  /** One of each kind that the datapath looks into, addressed to the gateway. */
  private List<Frame> validFrames() {
    SeenPacket quoted = SeenPacket.of(udp(client.ip(), SERVICE).ports(4000, 53).frame());
    List<Frame> frames = new ArrayList<>();
    for (var builder :
        List.of(
            udp(client.ip(), SERVICE).ports(4000, 53).payload("question"),
            udp(client.ip(), SERVER).ports(4000, 53).payload("question"),
            udp(client.ip(), remote.ip()).ports(4000, 53).payload(1500).moreFragments(),
            tcp(client.ip(), SERVICE).ports(4000, 80).options(8),
            tcp(client.ip(), SERVICE).ports(4000, 81).flags(TcpFlags.ACK).payload("x"),
            ping(client.ip(), SERVER, 7).payload("ping"),
            icmpError(client.ip(), SERVICE, 3, 3, quoted),
            icmpError(client.ip(), SERVER, 11, 0, quoted))) {
      frames.add(builder.from(client.mac()).to(node.gatewayMac()).frame());
    }
    frames.add(ArpFrames.request(client.mac(), client.address(), node.config().gateway()));
    return frames;
  }

  private Frame mutated(Frame valid) {
    byte[] bytes = TestNetwork.bytesOf(valid);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) random.nextInt();
            case 1 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
            default -> (byte) (random.nextBoolean() ? 0 : 0xff);
          };
    }
    if (random.nextInt(4) == 0) {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }
    Frame frame = TestNetwork.frameOf(bytes, 0);
    if (random.nextBoolean()) {
      repairHeader(frame);
    }
    if (random.nextInt(4) == 0) {
      frame.leaveChecksum(random.nextInt(80) - 8, random.nextInt(24) - 2);
    }
    if (random.nextInt(8) == 0) {
      frame.leaveSegmentation(Frame.SegmentType.TCP4, random.nextInt(2000));
    }
    return frame;
  }

  /** Gives the IP header its checksum again, so that the damage gets further. */
  private static void repairHeader(Frame frame) {
    int at = frame.start() + EthernetView.HEADER_LENGTH;
    int length = frame.length() - EthernetView.HEADER_LENGTH;
    Ipv4View ip = new Ipv4View().wrap(frame.buffer(), at, length);
    if (length >= Ipv4View.HEADER_LENGTH
        && ip.headerLength() >= Ipv4View.HEADER_LENGTH
        && ip.headerLength() <= length) {
      ip.computeChecksum();
    }
  }

  @Test
  void shouldSurviveDamagedFramesFromEverySide() {
    BridgePort open = new BridgePort("open", SourceGuard.off(), frame -> true);
    List<Frame> valid = validFrames();
    for (int i = 0; i < ROUNDS; i++) {
      Frame frame = valid.get(random.nextInt(valid.size()));
      datapath.receiveFromPod(client.port(), mutated(frame), network.nowMillis());
      datapath.receiveFromPod(open, mutated(frame), network.nowMillis());
      datapath.receiveFromKernel(mutated(frame), network.nowMillis());
      Frame tunnelled = frame.copy();
      if (tunnelled.length() >= EthernetView.HEADER_LENGTH && random.nextInt(8) > 0) {
        new EthernetView()
            .wrap(tunnelled.buffer(), tunnelled.start(), tunnelled.length())
            .setDestination(node.config().vtepMac().value());
      }
      Frame inner = mutated(tunnelled);
      byte[] payload = new byte[VxlanView.HEADER_LENGTH + inner.length()];
      payload[0] = 8;
      payload[6] = 1;
      inner.buffer().get(inner.start(), payload, VxlanView.HEADER_LENGTH, inner.length());
      datapath.receiveFromTunnel(
          TestNetwork.frameOf(payload, 0),
          network.node(2).address().high(),
          network.node(2).address().low(),
          network.nowMillis());
      network.advance(1);
      if (i % 1000 == 0) {
        datapath.tick(network.nowMillis());
      }
    }
    // A frame to be segmented is several packets.
    assertThat(client.port().counters().receivedPackets()).isGreaterThanOrEqualTo(ROUNDS);
    assertThat(datapath.drops().of(DropReason.MALFORMED_IPV4)).isPositive();
    assertThat(datapath.drops().of(DropReason.MALFORMED_TRANSPORT)).isPositive();
    assertThat(datapath.drops().of(DropReason.MALFORMED_ARP)).isPositive();
    assertThat(datapath.drops().of(DropReason.SPOOFED_IP)).isPositive();
    expectThatAllIsWell();
  }

  @Test
  void shouldAccountForEveryFrameThatAPodSendsToAnother() {
    long before = datapath.drops().total();
    int sent = 0;
    Frame valid =
        udp(client.ip(), neighbour.ip())
            .ports(4000, 53)
            .payload("hello")
            .from(client.mac())
            .to(neighbour.mac())
            .frame();
    for (int length = 0; length <= valid.length(); length++) {
      byte[] bytes = Arrays.copyOf(TestNetwork.bytesOf(valid), length);
      datapath.receiveFromPod(client.port(), TestNetwork.frameOf(bytes, 0), network.nowMillis());
      sent++;
    }
    assertThat(neighbour.takeFrames()).hasSize(1);
    assertThat(datapath.drops().total() - before).isEqualTo(sent - 1);
    assertThat(client.port().counters().droppedFrames()).isEqualTo(sent - 1);
  }

  @Test
  void shouldRefuseAChecksumToBeCompletedOutsideTheFrame() {
    Frame frame = udp(client.ip(), remote.ip()).from(client.mac()).to(node.gatewayMac()).frame();
    frame.leaveChecksum(34, 4000);
    client.sendFrame(frame);
    network.run();

    assertThat(node.drops(DropReason.MALFORMED_TRANSPORT)).isEqualTo(1);
  }

  @Test
  void shouldCompleteAChecksumOfAnInnerHeaderAtOnce() {
    // A Pod's own tunnel: the pending checksum belongs to what its UDP payload carries.
    SeenPacket inner = SeenPacket.of(udp("192.168.0.1", "192.168.0.2").payload("in").frame());
    node.serve(IpProtocol.UDP, SERVICE, 4789, remote.ip() + ":4789");
    Frame frame =
        udp(client.ip(), SERVICE)
            .ports(9999, 4789)
            .payload(inner.ipBytes())
            .withoutChecksum()
            .from(client.mac())
            .to(node.gatewayMac())
            .frame();
    int innerUdp = EthernetView.HEADER_LENGTH + 20 + 8 + 20;
    int pseudo = Checksum.fold(inner.ip().pseudoHeader());
    frame.buffer().putShort(frame.start() + innerUdp + 6, (short) pseudo);
    frame.leaveChecksum(innerUdp, 6);
    client.sendFrame(frame);
    network.run();

    SeenPacket seen = remote.takePacket();
    assertThat(seen.udp().checksum()).isZero();
    assertThat(seen.payload()).isEqualTo(inner.ipBytes());
  }

  @Test
  void shouldNotGrowWithAFloodOfOneTuple() {
    for (int i = 0; i < 50_000; i++) {
      client.sendFrame(
          tcp(client.ip(), SERVER)
              .ports(61_001, 80)
              .flags(i % 2 == 0 ? TcpFlags.SYN : TcpFlags.RST)
              .from(client.mac())
              .to(node.gatewayMac())
              .frame());
      if (i % 1000 == 0) {
        network.run();
        node.takeKernelFrames();
      }
    }
    network.run();
    assertThat(datapath.conntrack().size()).isEqualTo(1);
  }

  @Test
  void shouldNotLetAPodTakeTheGatewaysAddress() {
    client.sendFrame(ArpFrames.request(client.mac(), node.config().gateway(), neighbour.address()));
    client.send(udp(node.gateway(), neighbour.ip()).from(client.mac()).source(node.gateway()));
    network.run();

    assertThat(neighbour.takeFrames()).isEmpty();
    assertThat(node.drops(DropReason.SPOOFED_IP)).isEqualTo(2);
  }

  @Test
  void shouldRefuseTheMacOfTheGatewayAsSource() {
    client.sendFrame(
        udp(client.ip(), neighbour.ip()).from(node.gatewayMac()).to(neighbour.mac()).frame());
    client.sendFrame(
        udp(IpAddress.parse("10.244.1.3").toString(), client.ip())
            .from(neighbour.mac())
            .to(client.mac())
            .frame());
    network.run();

    assertThat(node.drops(DropReason.SPOOFED_MAC)).isEqualTo(2);
    assertThat(neighbour.takeFrames()).isEmpty();
  }
}
