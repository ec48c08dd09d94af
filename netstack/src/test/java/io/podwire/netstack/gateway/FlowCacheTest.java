package io.podwire.netstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.gateway.TwinDatapaths.Output;
import io.podwire.netstack.gateway.TwinDatapaths.Twin;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.packet.ArpView;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random traffic of all kinds through two datapaths, one with the flow cache and one without, while
 * everything that decides on ways changes: both must emit the same frames, byte for byte, and count
 * the same.
 */
class FlowCacheTest {

  static final int LOSSY_PORT = 81;

  private static final int STEPS = 6000;
  private static final int REMEMBERED = 48;
  private static final int PODS = 5;
  private static final int SERVICES = 4;
  private static final String KERNEL = "kernel";
  private static final String POD = "pod-";
  private static final int ADDRESSES_OFFSET = EthernetView.HEADER_LENGTH + 12;
  private static final int PORTS_OFFSET = EthernetView.HEADER_LENGTH + 20;

  /** Packets of one direction of a flow, and where they come from. */
  private record Stream(
      String ingress,
      int protocol,
      String from,
      String to,
      int fromPort,
      int toPort,
      MacAddress fromMac,
      MacAddress toMac) {}

  private PacketBuilder packet(Stream stream) {
    String from = ip(stream.from).toString();
    String to = ip(stream.to).toString();
    boolean icmp = stream.protocol == IpProtocol.ICMP;
    PacketBuilder packet =
        icmp
            ? PacketBuilder.ping(from, to, stream.fromPort)
            : PacketBuilder.ip(stream.protocol, from, to);
    return packet.ports(stream.fromPort, stream.toPort).from(stream.fromMac).to(stream.toMac);
  }

  private final GatewayConfig node = TestNode.config(1);
  private final List<Stream> streams = new ArrayList<>();
  private Random random = new Random();
  private long nowMillis;
  private int sequence;

  /** Whether packets are of IPv6; everything is chosen by the IPv4 addresses all the same. */
  private boolean ipv6;

  private final Map<String, String> ipv4Of = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
  void shouldMakeNoDifference(long seed) {
    compare(seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13})
  void shouldMakeNoDifferenceToIpv6(long seed) {
    ipv6 = true;
    compare(seed);
  }

  /** The address that packets have in place of an IPv4 one. */
  private IpAddress ip(String ipv4) {
    IpAddress address = ipv6 ? ipv6(ipv4) : IpAddress.parse(ipv4);
    ipv4Of.put(address.toString(), ipv4);
    return address;
  }

  private static IpAddress ipv6(String ipv4) {
    String[] octets = ipv4.split("\\.");
    return IpAddress.parse(
        switch (octets[0] + "." + octets[1]) {
          case "10.244" -> "fd00:10:244:" + octets[2] + "::" + octets[3];
          case "10.96" -> "fd00:10:96::" + octets[3];
          case "172.30" -> "fd30::" + octets[3];
          default -> "2001:db8::" + octets[3];
        });
  }

  private void compare(long seed) {
    random = new Random(seed);
    TwinDatapaths twins = new TwinDatapaths(seed);
    for (int i = 0; i < PODS; i++) {
      attach(twins, i);
    }
    for (int i = 0; i < SERVICES; i++) {
      serve(twins, i);
    }
    twins.change(twin -> putPeers(twin, true));
    for (int step = 0; step < STEPS; step++) {
      String what = random.nextInt(40) == 0 ? change(twins) : send(twins);
      twins.expectNoDifference("step " + step + ": " + what).forEach(this::remember);
      nowMillis += random.nextInt(200) == 0 ? random.nextInt(150_000) : random.nextInt(40);
    }
    twins.expectSameConnections();
    assertThat(twins.hits()).as("frames that took the short way").isGreaterThan(STEPS / 4);
  }

  // Traffic.

  private String send(TwinDatapaths twins) {
    boolean known = !streams.isEmpty() && random.nextInt(6) > 0;
    Stream stream = known ? streams.get(random.nextInt(streams.size())) : open();
    int burst = 1 + random.nextInt(6);
    for (int i = 0; i < burst; i++) {
      twins.receive(stream.ingress, isTunnel(stream) ? arriving(stream) : frame(stream), nowMillis);
    }
    remember(stream);
    return burst + " of " + stream;
  }

  private void remember(Stream stream) {
    if (streams.size() < REMEMBERED) {
      streams.add(stream);
    } else {
      streams.set(random.nextInt(REMEMBERED), stream);
    }
  }

  /** Answers to it are among what will be sent. */
  private void remember(Output output) {
    boolean tunnel = output.where().contains("/");
    int start = tunnel ? VxlanView.HEADER_LENGTH : 0;
    ByteBuffer bytes = ByteBuffer.wrap(output.bytes());
    if (ipv6) {
      rememberIpv6(output, start, bytes);
      return;
    }
    if (output.bytes().length < start + PORTS_OFFSET + 4
        || bytes.getShort(start + 12) != 0x0800
        || bytes.get(start + 14) != 0x45
        || random.nextInt(4) > 0) {
      return;
    }
    String from = IpAddress.ofIpv4(bytes.getInt(start + ADDRESSES_OFFSET)).toString();
    String to = IpAddress.ofIpv4(bytes.getInt(start + ADDRESSES_OFFSET + 4)).toString();
    remember(
        stream(
            tunnel ? output.where().substring(0, output.where().indexOf('/')) : output.where(),
            bytes.get(start + 23),
            to,
            from,
            bytes.getShort(start + PORTS_OFFSET + 2) & 0xffff,
            bytes.getShort(start + PORTS_OFFSET) & 0xffff));
  }

  private void rememberIpv6(Output output, int start, ByteBuffer bytes) {
    int ip = start + EthernetView.HEADER_LENGTH;
    if (output.bytes().length < ip + Ipv6View.HEADER_LENGTH + 4
        || bytes.getShort(start + 12) != (short) EtherType.IPV6
        || random.nextInt(4) > 0) {
      return;
    }
    Ipv6View view = new Ipv6View().wrap(bytes, ip, output.bytes().length - ip);
    String from = ipv4Of.get(new IpAddress(view.sourceHigh(), view.sourceLow()).toString());
    String to = ipv4Of.get(new IpAddress(view.destinationHigh(), view.destinationLow()).toString());
    int protocol = view.nextHeader();
    if (from == null || to == null || protocol != IpProtocol.TCP && protocol != IpProtocol.UDP) {
      return;
    }
    boolean tunnel = start > 0;
    remember(
        stream(
            tunnel ? output.where().substring(0, output.where().indexOf('/')) : output.where(),
            protocol,
            to,
            from,
            bytes.getShort(ip + Ipv6View.HEADER_LENGTH + 2) & 0xffff,
            bytes.getShort(ip + Ipv6View.HEADER_LENGTH) & 0xffff));
  }

  private Stream open() {
    int protocol =
        switch (random.nextInt(9)) {
          case 0 -> IpProtocol.ICMP;
          case 1, 2, 3 -> IpProtocol.TCP;
          default -> IpProtocol.UDP;
        };
    String from =
        switch (random.nextInt(8)) {
          case 0 -> random.nextBoolean() ? "172.30.0.11" : "192.0.2.1";
          case 1, 2 -> "10.244." + (2 + random.nextInt(2)) + "." + (2 + random.nextInt(3));
          default -> "10.244.1." + (2 + random.nextInt(PODS));
        };
    String to =
        switch (random.nextInt(8)) {
          case 0 -> "192.0.2." + (1 + random.nextInt(2));
          case 1 -> "10.244.1." + (1 + random.nextInt(PODS + 2));
          case 2, 3 -> "10.244." + (2 + random.nextInt(2)) + "." + (2 + random.nextInt(3));
          default -> "10.96.0." + (20 + random.nextInt(SERVICES));
        };
    int port = random.nextInt(10) == 0 ? LOSSY_PORT : random.nextInt(10) == 0 ? 82 : 80;
    String ingress =
        from.startsWith("10.244.1.")
            ? POD + from.substring(from.lastIndexOf('.') + 1)
            : from.startsWith("10.244.") ? "172.30.0.1" + from.charAt(7) : KERNEL;
    return stream(ingress, protocol, from, to, 4000 + random.nextInt(4), port);
  }

  private Stream stream(
      String ingress, int protocol, String from, String to, int fromPort, int toPort) {
    MacAddress fromMac = MacAddress.of(IpAddress.parse(from));
    MacAddress toMac = node.gatewayMac();
    if (ingress.equals(KERNEL)) {
      fromMac = node.kernelMac();
    } else if (!ingress.startsWith(POD)) {
      fromMac = MacAddress.parse("0e:00:00:00:00:02");
      toMac = node.vtepMac();
    } else if (to.startsWith("10.244.1.") && !to.equals(node.gateway().toString())) {
      toMac = MacAddress.of(IpAddress.parse(to));
    }
    return new Stream(ingress, protocol, from, to, fromPort, toPort, fromMac, toMac);
  }

  private static boolean isTunnel(Stream stream) {
    return !stream.ingress.equals(KERNEL) && !stream.ingress.startsWith(POD);
  }

  /** Mostly plain, and now and then with everything that packets can have. */
  private Frame frame(Stream stream) {
    PacketBuilder packet = packet(stream).payload(octets()).id(random.nextInt(65_536));
    if (stream.protocol == IpProtocol.TCP) {
      packet.sequence(sequence += 2000).flags(flags());
    }
    boolean pending = stream.protocol != IpProtocol.ICMP && random.nextBoolean();
    if (pending) {
      packet.checksumPending();
      if (stream.protocol == IpProtocol.TCP && random.nextInt(3) == 0) {
        packet.payload(3000 + random.nextInt(9000)).segmentSize(500 + random.nextInt(1200));
      }
    }
    if (random.nextInt(8) == 0) {
      spoil(packet);
    }
    Frame frame = packet.frame();
    if (pending && stream.protocol == IpProtocol.UDP && random.nextInt(6) == 0) {
      frame.leaveSegmentation(SegmentType.UDP, 100);
    }
    if (random.nextInt(60) == 0) {
      int at = frame.start() + random.nextInt(Math.min(60, frame.length()));
      frame.buffer().put(at, (byte) random.nextInt(256));
    }
    return frame;
  }

  private int octets() {
    return switch (random.nextInt(12)) {
      case 0 -> 1400 + random.nextInt(120);
      case 1 -> 0;
      default -> 1 + random.nextInt(60);
    };
  }

  private int flags() {
    return switch (random.nextInt(14)) {
      case 0 -> TcpFlags.SYN;
      case 1 -> TcpFlags.SYN | TcpFlags.ACK;
      case 2 -> random.nextBoolean() ? TcpFlags.FIN | TcpFlags.ACK : TcpFlags.RST;
      case 3 -> TcpFlags.ACK | TcpFlags.PSH | TcpFlags.CWR;
      case 4 -> random.nextInt(TcpFlags.CWR << 1);
      default -> TcpFlags.ACK;
    };
  }

  private void spoil(PacketBuilder packet) {
    switch (random.nextInt(8)) {
      case 0 -> packet.ttl(random.nextInt(3));
      case 1 -> packet.dontFragment();
      case 2 -> packet.padding(random.nextInt(30));
      case 3 -> packet.options(4 * random.nextInt(4));
      case 4 -> packet.moreFragments();
      case 5 -> packet.withoutChecksum();
      case 6 -> packet.source(ip("10.244.1." + random.nextInt(8)).toString());
      default -> packet.from(MacAddress.of(IpAddress.parse("10.244.1.2")));
    }
  }

  /** Datagrams of the tunnel, with one packet or with several that follow each other. */
  private Frame arriving(Stream stream) {
    boolean single = random.nextInt(3) > 0;
    int count = single ? 1 : 1 + random.nextInt(4);
    int octets = octets();
    byte[] all = {};
    for (int i = 0; i < count; i++) {
      PacketBuilder packet = packet(stream).payload(octets).dontFragment();
      if (stream.protocol == IpProtocol.TCP) {
        packet.sequence(sequence += octets).flags(single ? flags() : TcpFlags.ACK);
      }
      if (random.nextInt(30) == 0) {
        spoil(packet);
      }
      byte[] datagram = encapsulated(single ? frame(stream) : packet.frame());
      ByteBuffer joined = ByteBuffer.allocate(all.length + datagram.length);
      all = joined.put(all).put(datagram).array();
    }
    Frame frame = TestNetwork.frameOf(all, 0);
    if (count > 1) {
      frame.leaveSegmentation(SegmentType.UDP, all.length / count);
    }
    return frame;
  }

  private static byte[] encapsulated(Frame inner) {
    byte[] bytes = new byte[VxlanView.HEADER_LENGTH + inner.length()];
    new VxlanView().wrap(ByteBuffer.wrap(bytes), 0, bytes.length).set(TestNetwork.VNI);
    inner.buffer().get(inner.start(), bytes, VxlanView.HEADER_LENGTH, inner.length());
    return bytes;
  }

  // Changes.

  private String change(TwinDatapaths twins) {
    int what = random.nextInt(12);
    int which = random.nextInt(100);
    switch (what) {
      case 0, 1 -> serve(twins, which % SERVICES);
      case 2 -> twins.change(twin -> twin.datapath.services().remove(service(which)));
      case 3 -> twins.change(twin -> twin.detach(pod(which % PODS), addresses(which % PODS)));
      case 4 -> attach(twins, which % PODS);
      case 5 -> twins.change(twin -> putPeers(twin, which % 2 == 0));
      case 6 ->
          twins.change(twin -> {
            twin.datapath.removePeer(Cidr.parse("10.244.2.0/24"), peer(2, true));
            twin.datapath.removePeer(Cidr.parse("fd00:10:244:2::/64"), peer(2, true));
          });
      case 7 -> answerForNode3(twins, which % 2);
      case 8 -> twins.change(twin -> twin.datapath.tick(nowMillis));
      case 9 ->
          twins.change(twin ->
              twin.datapath.conntrack().removeIf(c -> c.original().sourcePort() % 7 == which % 7));
      case 10 ->
          twins.change(twin -> {
            twin.blockedPort = which % 2 == 0 ? 82 : 0;
            twin.datapath.hooks().changed();
          });
      default -> twins.change(twin -> twin.failing = which % 3 == 0 ? pod(which % PODS) : "");
    }
    return "change " + what + " " + which;
  }

  private static String pod(int number) {
    return POD + (2 + number);
  }

  private static IpAddress address(int number) {
    return IpAddress.parse("10.244.1." + (2 + number));
  }

  private static List<IpAddress> addresses(int number) {
    return List.of(address(number), ipv6(address(number).toString()));
  }

  /** Now and then with its neighbour's MAC address. */
  private void attach(TwinDatapaths twins, int number) {
    MacAddress mac = MacAddress.of(address(random.nextInt(3) == 0 ? (number + 1) % PODS : number));
    twins.change(twin -> twin.attach(pod(number), addresses(number), mac));
  }

  private ServiceTable.Key service(int number) {
    IpAddress address = ip("10.96.0." + (20 + number % SERVICES));
    return new ServiceTable.Key(address, number % 2 == 0 ? IpProtocol.UDP : IpProtocol.TCP, 80);
  }

  private void serve(TwinDatapaths twins, int number) {
    List<Backend> backends = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String address = "10.244." + (1 + random.nextInt(3)) + "." + (2 + random.nextInt(3));
      backends.add(new Backend(ip(address), random.nextInt(4) == 0 ? 80 : 8080));
    }
    for (int protocol : new int[] {IpProtocol.UDP, IpProtocol.TCP}) {
      ServiceTable.Key key =
          new ServiceTable.Key(
              ip("10.96.0." + (20 + number)), protocol, random.nextInt(5) == 0 ? LOSSY_PORT : 80);
      VirtualService service = new VirtualService("test/" + number + ":" + key.port(), backends);
      twins.change(twin -> twin.datapath.services().put(key, service));
    }
  }

  private static void putPeers(Twin twin, boolean first) {
    twin.datapath.putPeer(Cidr.parse("10.244.2.0/24"), peer(2, first));
    twin.datapath.putPeer(Cidr.parse("10.244.3.0/24"), peer(3, first));
    twin.datapath.putPeer(Cidr.parse("fd00:10:244:2::/64"), peer(2, first));
    twin.datapath.putPeer(Cidr.parse("fd00:10:244:3::/64"), peer(3, first));
  }

  /** Node 2, whose tunnel endpoint may move; node 3, whose MAC address nobody has published. */
  private static Vtep peer(int number, boolean first) {
    return new Vtep(
        "node-" + number,
        IpAddress.parse("172.30.0.1" + number),
        first ? VxlanView.PORT : VxlanView.LEGACY_PORT,
        number == 3 ? null : MacAddress.parse("0e:00:00:00:00:0" + (first ? 2 : 4)),
        IpAddress.parse("10.244." + number + ".1"));
  }

  private void answerForNode3(TwinDatapaths twins, int mac) {
    MacAddress asked = node.vtepMac();
    Frame question = ArpFrames.request(asked, node.gateway(), IpAddress.parse("10.244.3.1"));
    ArpView arp =
        new ArpView()
            .wrap(
                question.buffer(),
                question.start() + EthernetView.HEADER_LENGTH,
                question.length() - EthernetView.HEADER_LENGTH);
    Frame reply = ArpFrames.reply(arp, MacAddress.parse("0e:00:00:00:00:0" + (6 + mac)));
    twins.receive("172.30.0.13", TestNetwork.frameOf(encapsulated(reply), 0), nowMillis);
  }
}
