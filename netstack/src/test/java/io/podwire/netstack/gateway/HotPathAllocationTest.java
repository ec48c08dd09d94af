package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets of established flows make no garbage, in either direction and through every exit. */
class HotPathAllocationTest {

  private static final int WARM_UP = 30_000;
  private static final int PACKETS = 100_000;

  /** What is left to the measurement itself, and to a compiler that steps in. */
  private static final double OCTETS_PER_PACKET = 1.0;

  private static final String SERVICE = "10.96.0.20";
  private static final IpAddress CLIENT = IpAddress.parse("10.244.1.2");
  private static final IpAddress SERVER = IpAddress.parse("10.244.1.3");
  private static final String REMOTE = "10.244.2.2";
  private static final String IPV6_SERVICE = "fd00:10:96::20";
  private static final IpAddress CLIENT_IPV6 = IpAddress.parse("fd00:10:244:1::2");
  private static final IpAddress SERVER_IPV6 = IpAddress.parse("fd00:10:244:1::3");

  private long delivered;
  private final FrameSink sink =
      frame -> {
        delivered++;
        return true;
      };
  private final GatewayConfig config = TestNode.config(1, TestNetwork.Families.DUAL);
  private final NodeDatapath datapath =
      new NodeDatapath(
          config,
          new Vni(1),
          sink,
          (address, port, hash, payload) -> sink.transmit(payload),
          new Random(1),
          0);
  private final BridgePort client =
      datapath.attachPod("client", List.of(CLIENT, CLIENT_IPV6), MacAddress.of(CLIENT), sink);
  private final BridgePort server =
      datapath.attachPod("server", List.of(SERVER, SERVER_IPV6), MacAddress.of(SERVER), sink);
  private final IpAddress peer = IpAddress.parse("172.30.0.12");

  private interface Step {
    void send(Frame frame);
  }

  /** Sends the frame again and again, each time with the bytes that it had at first. */
  private void expectNoGarbage(PacketBuilder builder, Step step) {
    Frame original = builder.frame();
    Frame frame = Frame.allocate(original.length());
    run(original, frame, step, WARM_UP);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    delivered = 0;
    long before = threads.getCurrentThreadAllocatedBytes();
    run(original, frame, step, PACKETS);
    long octets = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(delivered).isEqualTo(PACKETS);
    assertThat((double) octets / PACKETS)
        .as("octets allocated for each packet")
        .isLessThan(OCTETS_PER_PACKET);
  }

  private void run(Frame original, Frame frame, Step step, int packets) {
    for (int i = 0; i < packets; i++) {
      frame.copyFrom(original);
      step.send(frame);
      datapath.flush();
    }
  }

  private PacketBuilder fromClient(PacketBuilder packet, MacAddress nextHop) {
    return packet.from(MacAddress.of(CLIENT)).to(nextHop);
  }

  private void serve(String backend, int port) {
    datapath
        .services()
        .put(
            new ServiceTable.Key(IpAddress.parse(SERVICE), IpProtocol.TCP, 80),
            new VirtualService("test", List.of(new Backend(IpAddress.parse(backend), port))));
  }

  private void addPeer() {
    Vtep vtep =
        new Vtep(
            "node-2",
            IpAddress.parse("172.30.0.12"),
            4789,
            TestNode.config(2).vtepMac(),
            IpAddress.parse("10.244.2.1"));
    datapath.putPeer(Cidr.parse("10.244.2.0/24"), vtep);
    datapath.putPeer(Cidr.parse("fd00:10:244:2::/64"), vtep);
  }

  private void serveIpv6(String backend) {
    datapath
        .services()
        .put(
            new ServiceTable.Key(IpAddress.parse(IPV6_SERVICE), IpProtocol.TCP, 80),
            new VirtualService("test", List.of(new Backend(IpAddress.parse(backend), 8080))));
  }

  private PacketBuilder toIpv6Service() {
    return fromClient(
        tcp(CLIENT_IPV6.toString(), IPV6_SERVICE).ports(4000, 80).flags(TcpFlags.ACK).payload(1000),
        config.gatewayMac());
  }

  @Test
  void shouldBridgeIpv6WithoutGarbage() {
    expectNoGarbage(
        fromClient(
            udp(CLIENT_IPV6.toString(), SERVER_IPV6.toString()).ports(1, 2).payload(1000),
            MacAddress.of(SERVER)),
        frame -> datapath.receiveFromPod(client, frame, 1000));
  }

  @Test
  void shouldSendIpv6ThroughAServiceIntoTheTunnelWithoutGarbage() {
    addPeer();
    serveIpv6("fd00:10:244:2::2");
    expectNoGarbage(toIpv6Service(), frame -> datapath.receiveFromPod(client, frame, 1000));
  }

  @Test
  void shouldSendIpv6ThroughAServiceWithoutGarbageAndWithoutTheFlowCache() {
    addPeer();
    serveIpv6("fd00:10:244:2::2");
    datapath.flows().enable(false);
    expectNoGarbage(toIpv6Service(), frame -> datapath.receiveFromPod(client, frame, 1000));
  }

  @Test
  void shouldLeaveTheClusterOverIpv6WithoutGarbage() {
    expectNoGarbage(
        fromClient(udp(CLIENT_IPV6.toString(), "2001:db8::7").ports(1, 2), config.gatewayMac()),
        frame -> datapath.receiveFromPod(client, frame, 1000));
  }

  private PacketBuilder toService() {
    return fromClient(
        tcp(CLIENT.toString(), SERVICE).ports(4000, 80).flags(TcpFlags.ACK).payload(1000),
        config.gatewayMac());
  }

  @Test
  void shouldBridgeWithoutGarbage() {
    expectNoGarbage(
        fromClient(
            udp(CLIENT.toString(), SERVER.toString()).ports(1, 2).payload(1000),
            MacAddress.of(SERVER)),
        frame -> datapath.receiveFromPod(client, frame, 1000));
  }

  @Test
  void shouldSendThroughAServiceIntoTheTunnelWithoutGarbage() {
    addPeer();
    serve(REMOTE, 8080);
    expectNoGarbage(toService(), frame -> datapath.receiveFromPod(client, frame, 1000));
  }

  @Test
  void shouldTakeAnswersFromTheTunnelWithoutGarbage() {
    addPeer();
    serve(REMOTE, 8080);
    datapath.receiveFromPod(client, toService().frame(), 1000);
    // The tunnel's payload: a VXLAN header, then the answer.
    Frame answer =
        tcp(REMOTE, CLIENT.toString())
            .ports(8080, 4000)
            .flags(TcpFlags.ACK)
            .payload(1000)
            .to(config.vtepMac())
            .frame();
    byte[] payload = new byte[8 + answer.length()];
    payload[0] = 8;
    payload[6] = 1;
    answer.buffer().get(answer.start(), payload, 8, answer.length());
    Frame original = TestNetwork.frameOf(payload, 0);
    Frame frame = Frame.allocate(payload.length);
    expectNoGarbage(
        tcp(REMOTE, CLIENT.toString()),
        ignored -> {
          frame.copyFrom(original);
          datapath.receiveFromTunnel(frame, peer.high(), peer.low(), 1000);
        });
  }

  @Test
  void shouldTranslateAnswersOnTheBridgeWithoutGarbage() {
    serve(SERVER.toString(), 8080);
    datapath.receiveFromPod(client, toService().frame(), 1000);
    expectNoGarbage(
        tcp(SERVER.toString(), CLIENT.toString())
            .ports(8080, 4000)
            .flags(TcpFlags.ACK)
            .to(MacAddress.of(CLIENT)),
        frame -> datapath.receiveFromPod(server, frame, 1000));
  }

  @Test
  void shouldSendThroughAServiceToAPodOfThisNodeWithoutGarbage() {
    serve(SERVER.toString(), 8080);
    expectNoGarbage(toService(), frame -> datapath.receiveFromPod(client, frame, 1000));
  }

  @Test
  void shouldLeaveTheClusterWithoutGarbage() {
    expectNoGarbage(
        fromClient(udp(CLIENT.toString(), "192.0.2.7").ports(1, 2), config.gatewayMac()),
        frame -> datapath.receiveFromPod(client, frame, 1000));
  }

  @Test
  void shouldTakeTheKernelsPacketsWithoutGarbage() {
    expectNoGarbage(
        udp("172.30.0.11", SERVER.toString()).ports(1, 2).to(config.gatewayMac()),
        frame -> datapath.receiveFromKernel(frame, 1000));
  }
}
