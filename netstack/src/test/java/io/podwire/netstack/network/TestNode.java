package io.podwire.netstack.network;

import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.DiscoveryView;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Node N of a {@link TestNetwork}, and its kernel: 172.30.0.1N with Pods 10.244.N.0/24, fd30::1N
 * with Pods fd00:10:244:N::/64, or both.
 */
public final class TestNode {

  public static final int POD_MTU = 1450;
  public static final int NODE_MTU = 1500;
  public static final int FIRST_EGRESS_PORT = 61_000;
  public static final int LAST_EGRESS_PORT = 61_099;
  public static final String SERVICES = "10.96.0.0/16";
  public static final String IPV6_SERVICES = "fd00:10:96::/112";

  private final TestNetwork network;
  private final int number;
  private final GatewayConfig config;
  private final NodeDatapath datapath;
  private final Map<IpAddress, TestPod> pods = new HashMap<>();
  private final List<Frame> kernelFrames = new ArrayList<>();

  TestNode(TestNetwork network, int number, long seed, TestNetwork.Families families) {
    this.network = network;
    this.number = number;
    this.config = config(number, families);
    this.datapath =
        new NodeDatapath(
            config,
            new Vni(TestNetwork.VNI),
            this::toKernel,
            (address, port, hash, payload) -> network.carry(this, address, port, hash, payload),
            new Random(seed),
            network.nowMillis());
  }

  /** Node N's configuration with IPv4 alone. */
  public static GatewayConfig config(int number) {
    return config(number, TestNetwork.Families.IPV4);
  }

  /** Node N's configuration. */
  public static GatewayConfig config(int number, TestNetwork.Families families) {
    List<GatewayConfig.Family> own = new ArrayList<>();
    List<Cidr> pods = new ArrayList<>();
    List<Cidr> services = new ArrayList<>();
    if (families != TestNetwork.Families.IPV6) {
      Cidr podCidr = Cidr.parse("10.244." + number + ".0/24");
      own.add(new GatewayConfig.Family(podCidr.address(1), address(number), podCidr));
      pods.add(Cidr.parse("10.244.0.0/16"));
      services.add(Cidr.parse(SERVICES));
    }
    if (families != TestNetwork.Families.IPV4) {
      Cidr podCidr = Cidr.parse("fd00:10:244:" + number + "::/64");
      own.add(new GatewayConfig.Family(podCidr.address(1), ipv6Address(number), podCidr));
      pods.add(Cidr.parse("fd00:10:244::/48"));
      services.add(Cidr.parse(IPV6_SERVICES));
    }
    return new GatewayConfig(
        own,
        pods,
        services,
        MacAddress.of(own.getFirst().gateway()),
        MacAddress.parse("0e:00:00:00:00:0" + number),
        MacAddress.parse("0c:00:00:00:00:0" + number),
        POD_MTU,
        NODE_MTU,
        FIRST_EGRESS_PORT,
        LAST_EGRESS_PORT);
  }

  static IpAddress address(int number) {
    return IpAddress.parse("172.30.0." + (10 + number));
  }

  static IpAddress ipv6Address(int number) {
    return IpAddress.parse("fd30::1" + number);
  }

  /** By which other nodes reach it. */
  public IpAddress address() {
    return Objects.requireNonNull(config.families().getFirst().node());
  }

  public GatewayConfig config() {
    return config;
  }

  public NodeDatapath datapath() {
    return datapath;
  }

  public String gateway() {
    return config.gateway().toString();
  }

  public MacAddress gatewayMac() {
    return config.gatewayMac();
  }

  /** This node as others see it. */
  public Vtep vtep(boolean macKnown) {
    return new Vtep(
        "node-" + number,
        address(),
        VxlanView.PORT,
        macKnown ? config.vtepMac() : null,
        config.gateway());
  }

  public void addPeer(TestNode peer, boolean macKnown) {
    Vtep vtep = peer.vtep(macKnown);
    peer.config.families().forEach(family -> datapath.putPeer(family.podCidr(), vtep));
  }

  /** The Pod with this last octet, attached now. */
  public TestPod addPod(int lastOctet) {
    List<IpAddress> addresses =
        config.families().stream().map(family -> family.podCidr().address(lastOctet)).toList();
    TestPod pod = new TestPod(network, this, addresses);
    pods.put(pod.address(), pod);
    return pod;
  }

  MacAddress macOnLink(IpAddress destination) {
    GatewayConfig.Family family = config.family(destination.isIpv4());
    boolean onLink =
        family != null
            && family.podCidr().contains(destination)
            && !destination.equals(family.gateway());
    if (!onLink) {
      return gatewayMac();
    }
    for (TestPod pod : pods.values()) {
      if (pod.addresses().contains(destination)) {
        return pod.mac();
      }
    }
    return MacAddress.of(destination);
  }

  /**
   * Binds a Service's port to these backends, as {@code 10.244.1.2:8080} or {@code [fd00::2]:80}.
   */
  public void serve(int protocol, String address, int port, String... backends) {
    List<Backend> parsed = backends(backends);
    serve(protocol, address, port, new VirtualService("test/" + address + ":" + port, parsed));
  }

  /** Binds a Service's port as it is. */
  public void serve(int protocol, String address, int port, VirtualService service) {
    ServiceTable.Key key = new ServiceTable.Key(IpAddress.parse(address), protocol, port);
    datapath.services().put(key, service);
  }

  /** Backends as {@code 10.244.1.2:8080}. */
  public static List<Backend> backends(String... texts) {
    List<Backend> parsed = new ArrayList<>();
    for (String text : texts) {
      int colon = text.lastIndexOf(':');
      String ip = text.substring(0, colon).replace("[", "").replace("]", "");
      parsed.add(new Backend(IpAddress.parse(ip), Integer.parseInt(text.substring(colon + 1))));
    }
    return parsed;
  }

  /** Sends a packet out of the kernel's device. */
  public void sendFromKernel(PacketBuilder packet) {
    packet.from(config.kernelMac());
    if (!packet.isAddressed()) {
      packet.to(gatewayMac());
    }
    receiveFromKernel(packet.frame());
  }

  /** Gives the datapath a copy of what the kernel has received. */
  public void copyFromKernel(PacketBuilder packet) {
    Frame frame = packet.from(config.kernelMac()).to(gatewayMac()).frame();
    network.later(() -> datapath.receiveCopyFromKernel(frame, network.nowMillis()));
  }

  public void receiveFromKernel(Frame frame) {
    network.later(() -> datapath.receiveFromKernel(frame, network.nowMillis()));
  }

  /** Gives the datapath a datagram's payload as if it came from this address. */
  public void receiveFromTunnel(String from, byte[] payload) {
    IpAddress source = IpAddress.parse(from);
    network.later(() ->
        datapath.receiveFromTunnel(
            TestNetwork.frameOf(payload, 0), source.high(), source.low(), network.nowMillis()));
  }

  private boolean toKernel(Frame lent) {
    kernelFrames.add(lent.copy());
    return true;
  }

  /** The IP packets that the kernel got since the last call. */
  public List<SeenPacket> takeKernelPackets() {
    List<SeenPacket> packets =
        kernelFrames.stream().filter(TestNode::isIp).map(SeenPacket::of).toList();
    kernelFrames.clear();
    return packets;
  }

  public List<Frame> takeKernelFrames() {
    List<Frame> frames = List.copyOf(kernelFrames);
    kernelFrames.clear();
    return frames;
  }

  /** Whether it holds a packet; questions for MAC addresses and their answers are none. */
  static boolean isIp(Frame frame) {
    int type = new EthernetView().wrap(frame.buffer(), frame.start(), frame.length()).etherType();
    return type == EtherType.IPV4 || type == EtherType.IPV6 && !new DiscoveryView().read(frame);
  }

  public long drops(DropReason reason) {
    return datapath.drops().of(reason);
  }
}
