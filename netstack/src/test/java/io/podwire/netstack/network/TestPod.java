package io.podwire.netstack.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.ArpFrames;
import io.podwire.netstack.neighbor.NeighborDiscovery;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.ArpView;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Pod that records what it receives, answers ARP and neighbour discovery, and sends what a test
 * builds.
 */
public final class TestPod {

  private final TestNetwork network;
  private final TestNode node;
  private final List<IpAddress> addresses;
  private final NeighborDiscovery discovery;
  private final MacAddress mac;
  private final BridgePort port;
  private final List<Frame> frames = new ArrayList<>();
  private @Nullable Consumer<SeenPacket> program;

  TestPod(TestNetwork network, TestNode node, List<IpAddress> addresses) {
    this.network = network;
    this.node = node;
    this.addresses = addresses;
    this.mac = MacAddress.of(address());
    this.discovery = NeighborDiscovery.of(mac, addresses);
    this.port = node.datapath().attachPod("pod-" + address(), addresses, mac, this::receive);
  }

  /** The primary one. */
  public IpAddress address() {
    return addresses.getFirst();
  }

  List<IpAddress> addresses() {
    return addresses;
  }

  public String ip() {
    return address().toString();
  }

  /** The last of the addresses: the IPv6 one where there is one. */
  public String ipv6() {
    return addresses.getLast().toString();
  }

  public MacAddress mac() {
    return mac;
  }

  public BridgePort port() {
    return port;
  }

  public TestNode node() {
    return node;
  }

  /** What the Pod does with a packet, after it has been recorded. */
  public void onPacket(Consumer<SeenPacket> program) {
    this.program = program;
  }

  /** Sends a packet, to the next hop that a Pod's kernel would choose unless it is addressed. */
  public void send(PacketBuilder packet) {
    packet.from(mac);
    address(packet);
    sendFrame(packet.frame());
  }

  /** Chooses the packet's next hop. */
  public PacketBuilder address(PacketBuilder packet) {
    return packet.isAddressed()
        ? packet
        : packet.to(node.macOnLink(IpAddress.parse(packet.destinationText())));
  }

  /** Sends a frame as it is. */
  public void sendFrame(Frame frame) {
    network.later(() -> node.datapath().receiveFromPod(port, frame, network.nowMillis()));
  }

  private boolean receive(Frame lent) {
    Frame frame = lent.copy();
    frames.add(frame);
    if (isArpForUs(frame)) {
      ArpView question = arp(frame);
      sendFrame(ArpFrames.reply(question, mac));
      return true;
    }
    Frame advertisement = isIpv6(frame) ? discovery.answer(frame) : null;
    if (advertisement != null) {
      sendFrame(advertisement);
    } else if (program != null && TestNode.isIp(frame) && isForUs(frame)) {
      SeenPacket seen = SeenPacket.of(frame);
      Consumer<SeenPacket> running = program;
      network.later(() -> running.accept(seen));
    }
    return true;
  }

  private static boolean isIpv6(Frame frame) {
    return new EthernetView().wrap(frame.buffer(), frame.start(), frame.length()).etherType()
        == EtherType.IPV6;
  }

  private boolean isForUs(Frame frame) {
    return new EthernetView().wrap(frame.buffer(), frame.start(), frame.length()).destination()
        == mac.value();
  }

  private boolean isArpForUs(Frame frame) {
    EthernetView ethernet = new EthernetView().wrap(frame.buffer(), frame.start(), frame.length());
    return ethernet.etherType() == EtherType.ARP
        && frame.length() >= EthernetView.HEADER_LENGTH + ArpView.LENGTH
        && arp(frame).operation() == ArpView.REQUEST
        && addresses.contains(IpAddress.ofIpv4(arp(frame).targetIp()));
  }

  private static ArpView arp(Frame frame) {
    return new ArpView()
        .wrap(frame.buffer(), frame.start() + EthernetView.HEADER_LENGTH, ArpView.LENGTH);
  }

  /** Every frame since the last call. */
  public List<Frame> takeFrames() {
    List<Frame> taken = List.copyOf(frames);
    frames.clear();
    return taken;
  }

  /** The IP packets since the last call. */
  public List<SeenPacket> takePackets() {
    return takeFrames().stream().filter(TestNode::isIp).map(SeenPacket::of).toList();
  }

  /** The only packet since the last call. */
  public SeenPacket takePacket() {
    List<SeenPacket> packets = takePackets();
    assertThat(packets).as("packets at %s", this).hasSize(1);
    return packets.get(0);
  }

  /** Echoes every UDP datagram and ping, and answers SYNs. */
  public TestPod serving() {
    onPacket(seen -> send(PacketBuilder.answerTo(seen)));
    return this;
  }

  @Override
  public String toString() {
    return "Pod " + addresses;
  }
}
