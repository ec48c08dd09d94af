package io.podwire.bench.micro;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.netstack.vxlan.TunnelSocket;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What one node does with a packet of an established flow: UDP with 64 octets, all but the system
 * calls. Each time the packet is put into the buffer as a system call would: {@link #copy} is the
 * share of that.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ForwardedPacket {
  private static final int PAYLOAD = 64;
  private static final int MTU = 1450;
  private static final int NODE_MTU = 1500;
  private static final int PACKETS_PER_MILLI = 256;
  private static final Cidr PODS = Cidr.parse("10.244.0.0/16");
  private static final Cidr SERVICES = Cidr.parse("10.96.0.0/16");
  private static final IpAddress CLIENT = IpAddress.parse("10.244.1.2");
  private static final IpAddress NEIGHBOUR = IpAddress.parse("10.244.1.3");
  private static final IpAddress REMOTE = IpAddress.parse("10.244.2.2");
  private static final IpAddress CLUSTER_IP = IpAddress.parse("10.96.0.20");
  private static final IpAddress PEER = IpAddress.parse("172.30.0.2");
  private static final MacAddress GATEWAY_MAC = MacAddress.parse("0a:00:00:00:00:01");
  private static final MacAddress VTEP_MAC = MacAddress.parse("0e:00:00:00:00:01");
  private static final MacAddress PEER_MAC = MacAddress.parse("0e:00:00:00:00:02");

  /** Which way it goes. */
  public enum Way {
    /** From a Pod to a ClusterIP whose endpoint is on another node. */
    SERVICE,
    /** From a Pod to one on another node. */
    TO_TUNNEL,
    /** From another node to a Pod. */
    FROM_TUNNEL,
    /** From a Pod to its neighbour on the bridge. */
    BRIDGE
  }

  /** The way. */
  @Param public Way way = Way.SERVICE;

  /** Whether what is known of its flow is used. */
  @Param({"false", "true"})
  public boolean cached;

  private final FrameSink sink = frame -> true;
  private final NodeDatapath datapath =
      new NodeDatapath(
          new GatewayConfig(
              IpAddress.parse("10.244.1.1"),
              IpAddress.parse("172.30.0.1"),
              Cidr.parse("10.244.1.0/24"),
              List.of(PODS),
              List.of(SERVICES),
              GATEWAY_MAC,
              VTEP_MAC,
              MacAddress.parse("0c:00:00:00:00:01"),
              MTU,
              NODE_MTU,
              61_000,
              65_534),
          new Vni(1),
          sink,
          new Socket(),
          new Random(1),
          0);
  private final BridgePort client =
      datapath.attachPod("client", CLIENT, MacAddress.of(CLIENT), sink);
  private Frame original = Frame.allocate(0);
  private Frame frame = Frame.allocate(0);
  private long packets;

  private static final class Socket implements TunnelSocket {
    @Override
    public boolean send(IpAddress address, int port, int flowBucket, Frame payload) {
      return true;
    }

    @Override
    public ByteBuffer buffer(int capacity) {
      return ByteBuffer.allocateDirect(capacity);
    }
  }

  /** Builds the node and the packet. */
  @Setup
  public void build() {
    datapath.flows().enable(cached);
    datapath.attachPod("neighbour", NEIGHBOUR, MacAddress.of(NEIGHBOUR), sink);
    datapath.putPeer(
        Cidr.parse("10.244.2.0/24"),
        new Vtep("node-2", PEER, VxlanView.PORT, PEER_MAC, IpAddress.parse("10.244.2.1")));
    datapath
        .services()
        .put(
            new ServiceTable.Key(CLUSTER_IP, IpProtocol.UDP, 80),
            new VirtualService("bench/service", List.of(new Backend(REMOTE, 8080))));
    MacAddress own = MacAddress.of(CLIENT);
    original =
        switch (way) {
          case SERVICE -> Packets.udp(CLIENT, CLUSTER_IP, own, GATEWAY_MAC, PAYLOAD);
          case TO_TUNNEL -> Packets.udp(CLIENT, REMOTE, own, GATEWAY_MAC, PAYLOAD);
          case FROM_TUNNEL -> encapsulated();
          case BRIDGE -> Packets.udp(CLIENT, NEIGHBOUR, own, MacAddress.of(NEIGHBOUR), PAYLOAD);
        };
    frame = Packets.frame(original.length());
  }

  private static Frame encapsulated() {
    Frame inner = Packets.udp(REMOTE, CLIENT, PEER_MAC, VTEP_MAC, PAYLOAD);
    Frame outer = Packets.frame(VxlanView.HEADER_LENGTH + inner.length());
    new VxlanView().wrap(outer.buffer(), outer.start(), outer.length()).set(1);
    int at = outer.start() + VxlanView.HEADER_LENGTH;
    outer.buffer().put(at, inner.buffer(), inner.start(), inner.length());
    return outer;
  }

  /** One packet. */
  @Benchmark
  public Frame forward() {
    frame.copyFrom(original);
    long nowMillis = ++packets / PACKETS_PER_MILLI;
    if (way == Way.FROM_TUNNEL) {
      datapath.receiveFromTunnel(frame, PEER.high(), PEER.low(), nowMillis);
    } else {
      datapath.receiveFromPod(client, frame, nowMillis);
    }
    return frame;
  }

  /** What putting the packet there costs. */
  @Benchmark
  public Frame copy() {
    frame.copyFrom(original);
    return frame;
  }
}
