package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.udp;
import static io.podwire.netstack.wire.PacketCheck.destination;
import static io.podwire.netstack.wire.PacketCheck.expect;
import static io.podwire.netstack.wire.PacketCheck.icmp;
import static io.podwire.netstack.wire.PacketCheck.macs;
import static io.podwire.netstack.wire.PacketCheck.payload;
import static io.podwire.netstack.wire.PacketCheck.quoting;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.ArpView;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IcmpType;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Address resolution in both directions, on the bridge, the tunnel and the kernel's device. */
class NeighbourTest {

  private static final String ABSENT = "10.244.1.77";

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod remote = network.node(2).addPod(2);

  private static List<ArpView> arps(List<Frame> frames) {
    return frames.stream()
        .filter(frame ->
            new EthernetView().wrap(frame.buffer(), frame.start(), frame.length()).etherType()
                == EtherType.ARP)
        .map(frame ->
            new ArpView()
                .wrap(
                    frame.buffer(),
                    frame.start() + EthernetView.HEADER_LENGTH,
                    frame.length() - EthernetView.HEADER_LENGTH))
        .toList();
  }

  private static void expectReply(ArpView reply, MacAddress owner, String ip, MacAddress asker) {
    assertThat(reply.operation()).isEqualTo(ArpView.REPLY);
    assertThat(reply.senderMac()).isEqualTo(owner.value());
    assertThat(IpAddress.ofIpv4(reply.senderIp())).hasToString(ip);
    assertThat(reply.targetMac()).isEqualTo(asker.value());
  }

  @Test
  void shouldAnswerAPodForTheGateway() {
    client.sendFrame(ArpFrames.request(client.mac(), client.address(), node.config().gateway()));
    network.run();

    List<ArpView> replies = arps(client.takeFrames());
    assertThat(replies).hasSize(1);
    expectReply(replies.get(0), node.gatewayMac(), node.gateway(), client.mac());
  }

  @Test
  void shouldAnswerAPodThatAsksTheGatewayDirectly() {
    Frame question = ArpFrames.request(client.mac(), client.address(), node.config().gateway());
    new EthernetView()
        .wrap(question.buffer(), question.start(), question.length())
        .setDestination(node.gatewayMac().value());
    client.sendFrame(question);
    network.run();

    assertThat(arps(client.takeFrames())).hasSize(1);
  }

  @Test
  void shouldLetPodsAnswerForThemselves() {
    TestPod other = node.addPod(3);
    client.sendFrame(ArpFrames.request(client.mac(), client.address(), other.address()));
    network.run();

    List<ArpView> replies = arps(client.takeFrames());
    assertThat(replies).hasSize(1);
    expectReply(replies.get(0), other.mac(), other.ip(), client.mac());
  }

  @Test
  void shouldAnswerTheKernelForEverythingButTheGateway() {
    MacAddress kernel = node.config().kernelMac();
    for (String asked : List.of("10.96.0.10", "10.244.2.2", node.gateway(), "172.30.0.11")) {
      node.receiveFromKernel(
          ArpFrames.request(kernel, node.config().gateway(), IpAddress.parse(asked)));
    }
    network.run();

    List<ArpView> replies = arps(node.takeKernelFrames());
    assertThat(replies).hasSize(3);
    expectReply(replies.get(0), node.gatewayMac(), "10.96.0.10", kernel);
    expectReply(replies.get(1), node.gatewayMac(), "10.244.2.2", kernel);
    // Answers to Pods come to the node's address, and are steered here.
    expectReply(replies.get(2), node.gatewayMac(), "172.30.0.11", kernel);
  }

  @Test
  void shouldResolveATunnelEndpointByArp() {
    TestNetwork unknown = new TestNetwork();
    List<TestNode> nodes = unknown.addNodes(2);
    nodes.get(0).datapath().removePeer(nodes.get(1).config().podCidr(), nodes.get(1).vtep(true));
    nodes.get(0).addPeer(nodes.get(1), false);
    TestPod from = nodes.get(0).addPod(2);
    TestPod to = nodes.get(1).addPod(2);
    from.send(udp(from.ip(), to.ip()).ports(1, 2).payload("waited"));
    unknown.run();

    expect(to.takePacket(), payload("waited"));
    // Question, answer, packet.
    assertThat(unknown.takeWire()).hasSize(3);
    from.send(udp(from.ip(), to.ip()).ports(1, 2));
    unknown.run();
    assertThat(unknown.takeWire()).hasSize(1);
  }

  @Test
  void shouldNotLetAPeerSpeakForAnother() {
    TestNetwork three = new TestNetwork();
    List<TestNode> nodes = three.addNodes(3);
    TestNode first = nodes.get(0);
    first.datapath().removePeer(nodes.get(1).config().podCidr(), nodes.get(1).vtep(true));
    first.addPeer(nodes.get(1), false);
    TestPod from = first.addPod(2);
    TestPod to = nodes.get(1).addPod(2);
    Frame lie =
        ArpFrames.request(
            nodes.get(2).config().vtepMac(),
            nodes.get(1).config().gateway(),
            first.config().gateway());
    byte[] payload = new byte[VxlanView.HEADER_LENGTH + lie.length()];
    payload[0] = 8;
    payload[6] = 1;
    lie.buffer().get(lie.start(), payload, VxlanView.HEADER_LENGTH, lie.length());
    from.send(udp(from.ip(), to.ip()).ports(1, 2).payload("waited"));
    first.receiveFromTunnel("172.30.0.13", payload);
    three.run();

    expect(to.takePacket(), macs(nodes.get(1).gatewayMac(), to.mac()), payload("waited"));
  }

  @Test
  void shouldAskThreeTimesAndThenTellTheSender() {
    client.send(udp(client.ip(), ABSENT).ports(4000, 53).to(node.gatewayMac()));
    network.run();
    assertThat(arps(client.takeFrames())).hasSize(1);
    network.pass(1000);
    assertThat(arps(client.takeFrames())).hasSize(1);
    network.pass(1000);
    List<Frame> third = client.takeFrames();
    assertThat(arps(third)).hasSize(1);
    expectQuestion(arps(third).get(0));
    network.pass(1000);

    expect(
        client.takePacket(),
        icmp(IcmpType.UNREACHABLE, IcmpType.HOST_UNREACHABLE),
        quoting(client.ip(), 4000, ABSENT, 53));
    assertThat(node.drops(DropReason.NEIGHBOR_UNREACHABLE)).isEqualTo(1);
    network.pass(5000);
    assertThat(client.takeFrames()).isEmpty();
  }

  private void expectQuestion(ArpView question) {
    assertThat(question.operation()).isEqualTo(ArpView.REQUEST);
    assertThat(question.senderMac()).isEqualTo(node.gatewayMac().value());
    assertThat(IpAddress.ofIpv4(question.senderIp())).hasToString(node.gateway());
    assertThat(IpAddress.ofIpv4(question.targetIp())).hasToString(ABSENT);
    assertThat(question.targetMac()).isZero();
  }

  @Test
  void shouldKeepOnlyThreePacketsForAnUnresolvedNeighbour() {
    for (int i = 0; i < 10; i++) {
      client.send(udp(client.ip(), ABSENT).ports(4000 + i, 53).to(node.gatewayMac()));
    }
    network.run();
    assertThat(node.drops(DropReason.NEIGHBOR_QUEUE_FULL)).isEqualTo(7);
    client.takeFrames();
    network.pass(3000);

    List<SeenPacket> errors = client.takePackets();
    assertThat(errors).hasSize(3);
    expect(errors.get(0), quoting(client.ip(), 4007, ABSENT, 53));
    assertThat(node.drops(DropReason.NEIGHBOR_UNREACHABLE)).isEqualTo(3);
  }

  @Test
  void shouldDeliverWhatWaitedForAPodThatAppears() {
    client.send(udp(client.ip(), ABSENT).ports(4000, 53).to(node.gatewayMac()).payload("early"));
    network.run();
    TestPod late = node.addPod(77);
    network.run();

    expect(late.takePacket(), macs(node.gatewayMac(), late.mac()), payload("early"));
  }

  @Test
  void shouldCountWhatWaitedForAPeerThatWent() {
    Vtep silent =
        new Vtep(
            "node-9",
            IpAddress.parse("172.30.0.19"),
            VxlanView.PORT,
            null,
            IpAddress.parse("10.244.9.1"));
    node.datapath().putPeer(Cidr.parse("10.244.9.0/24"), silent);
    client.send(udp(client.ip(), "10.244.9.9").ports(1, 2));
    network.run();
    node.datapath().removePeer(Cidr.parse("10.244.9.0/24"), silent);

    assertThat(node.drops(DropReason.NEIGHBOR_UNREACHABLE)).isEqualTo(1);
    client.send(udp(client.ip(), "10.244.9.9").ports(1, 2));
    network.run();
    assertThat(node.drops(DropReason.NO_ROUTE)).isEqualTo(1);
  }

  @Test
  void shouldKeepAPeerThatHasTakenOverFromOneThatGoesLater() {
    TestNode second = network.node(2);
    Vtep before = second.vtep(true);
    Vtep after =
        new Vtep("node-2b", before.address(), before.port(), before.mac(), before.gateway());
    node.datapath().putPeer(second.config().podCidr(), after);
    node.datapath().removePeer(second.config().podCidr(), before);
    remote.serving();
    client.send(udp(client.ip(), remote.ip()).ports(1, 2).payload("still"));
    network.run();

    expect(client.takePacket(), destination(client.ip()), payload("still"));
  }

  @Test
  void shouldAnswerAProbeWithoutTeachingAnybody() {
    client.sendFrame(
        ArpFrames.request(client.mac(), IpAddress.parse("0.0.0.0"), node.config().gateway()));
    network.run();

    assertThat(arps(client.takeFrames())).hasSize(1);
  }

  @Test
  void shouldCountADamagedQuestion() {
    Frame cut =
        ArpFrames.request(node.config().kernelMac(), node.config().node(), remote.address());
    cut.truncate(30);
    node.receiveFromKernel(cut);
    network.run();

    assertThat(node.drops(DropReason.MALFORMED_ARP)).isEqualTo(1);
  }
}
