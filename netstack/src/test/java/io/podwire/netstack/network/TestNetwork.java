package io.podwire.netstack.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Nodes whose tunnels are connected by a queue: a test sends something, calls {@link #run}, and
 * looks at what has arrived. Time stands still but for {@link #pass}.
 */
public final class TestNetwork {

  public static final int VNI = 1;
  private static final int MAX_STEPS = 100_000;

  /** Which addresses nodes and Pods have; the node network's are those of the first family. */
  public enum Families {
    IPV4,
    IPV6,
    DUAL
  }

  /** A datagram on the node network, as its sender gave it to its socket. */
  public record Datagram(IpAddress from, IpAddress to, int port, int flowBucket, byte[] payload) {

    /** The encapsulated Ethernet frame. */
    public Frame inner() {
      return frameOf(payload, VxlanView.HEADER_LENGTH);
    }
  }

  private final long seed;
  private final Map<IpAddress, TestNode> nodes = new HashMap<>();
  private final ArrayDeque<Runnable> pending = new ArrayDeque<>();
  private final List<Datagram> wire = new ArrayList<>();
  private long nowMillis;

  public TestNetwork() {
    this(1, 1_000_000);
  }

  public TestNetwork(long seed, long startMillis) {
    this.seed = seed;
    this.nowMillis = startMillis;
  }

  /** So many nodes, numbered from 1, that know each other with their VTEPs' MAC addresses. */
  public static TestNetwork ofNodes(int count) {
    return ofNodes(count, Families.IPV4);
  }

  public static TestNetwork ofNodes(int count, Families families) {
    TestNetwork network = new TestNetwork();
    network.addNodes(count, families);
    return network;
  }

  public List<TestNode> addNodes(int count) {
    return addNodes(count, Families.IPV4);
  }

  private List<TestNode> addNodes(int count, Families families) {
    List<TestNode> added = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      TestNode node = new TestNode(this, number, seed + number, families);
      nodes.put(node.address(), node);
      added.add(node);
    }
    for (TestNode node : added) {
      added.stream().filter(peer -> peer != node).forEach(peer -> node.addPeer(peer, true));
    }
    return added;
  }

  public TestNode node(int number) {
    TestNode ipv4 = nodes.get(TestNode.address(number));
    return ipv4 != null ? ipv4 : Objects.requireNonNull(nodes.get(TestNode.ipv6Address(number)));
  }

  public long nowMillis() {
    return nowMillis;
  }

  /** Queues something to happen, in order. */
  void later(Runnable step) {
    pending.add(step);
  }

  /** Delivers until nothing moves any more. */
  public void run() {
    for (int steps = 0; !pending.isEmpty(); steps++) {
      assertThat(steps).as("packets that go round for ever").isLessThan(MAX_STEPS);
      pending.removeFirst().run();
      nodes.values().forEach(node -> node.datapath().flush());
    }
  }

  /** Lets time pass in steps of a second, with every node's tick. */
  public void pass(long millis) {
    long end = nowMillis + millis;
    while (nowMillis < end) {
      nowMillis = Math.min(end, nowMillis + 1000);
      nodes.values().forEach(node -> node.datapath().tick(nowMillis));
      run();
    }
  }

  /** Lets time pass in one jump, with a single tick at its end. */
  public void jump(long millis) {
    nowMillis += millis;
    nodes.values().forEach(node -> node.datapath().tick(nowMillis));
    run();
  }

  /** Lets time pass without any tick. */
  public void advance(long millis) {
    nowMillis += millis;
  }

  /** Lets datagrams that were sent together arrive together, as over a virtual link. */
  boolean carry(TestNode from, IpAddress to, int port, int flowBucket, Frame payload) {
    byte[] bytes = bytesOf(payload);
    int size = payload.segmentSize();
    int step = size == 0 ? bytes.length : size;
    for (int at = 0; at < bytes.length; at += step) {
      byte[] datagram = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step));
      wire.add(new Datagram(from.address(), to, port, flowBucket, datagram));
    }
    TestNode receiver = nodes.get(to);
    if (receiver != null) {
      later(() -> {
        Frame arrived = frameOf(bytes, 0);
        if (size > 0) {
          arrived.leaveSegmentation(SegmentType.UDP, size);
        }
        IpAddress source = from.address();
        receiver.datapath().receiveFromTunnel(arrived, source.high(), source.low(), nowMillis);
      });
    }
    return true;
  }

  /** What has been on the node network since the last call. */
  public List<Datagram> takeWire() {
    List<Datagram> taken = List.copyOf(wire);
    wire.clear();
    return taken;
  }

  /** A frame over these bytes from an offset on, in a buffer that ends with them. */
  public static Frame frameOf(byte[] bytes, int from) {
    ByteBuffer buffer = ByteBuffer.allocate(Frame.HEADROOM + bytes.length - from);
    buffer.put(Frame.HEADROOM, bytes, from, bytes.length - from);
    Frame frame = new Frame(buffer);
    frame.reset(Frame.HEADROOM, bytes.length - from);
    return frame;
  }

  /** A copy of a lent frame's bytes. */
  public static byte[] bytesOf(Frame frame) {
    byte[] bytes = new byte[frame.length()];
    frame.buffer().get(frame.start(), bytes);
    return bytes;
  }
}
