package io.podwire.netstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.filter.Hook;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.PortCounters;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Node 1 twice, with the flow cache and without: whatever is done to both must show no difference.
 */
final class TwinDatapaths {

  /** A frame that has left: a Pod's, for the kernel, or datagrams for another node. */
  record Output(String where, byte[] bytes, String offload) {

    @Override
    public String toString() {
      return where + " " + offload + " " + HexFormat.of().formatHex(bytes);
    }
  }

  /** What a test may change between two frames. */
  static final class Twin {
    final NodeDatapath datapath;
    private final Map<String, BridgePort> ports = new HashMap<>();
    private final List<PortCounters> counters = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private int packets;
    int blockedPort;
    String failing = "";

    Twin(long seed, boolean cached) {
      datapath =
          new NodeDatapath(
              TestNode.config(1, TestNetwork.Families.DUAL),
              new Vni(TestNetwork.VNI),
              frame -> take("kernel", frame),
              (address, port, bucket, payload) ->
                  take(address + "/" + port + "/" + bucket, payload),
              new Random(seed),
              0);
      datapath.flows().enable(cached);
      datapath.hooks().add(Hook.FORWARD, this::policy).add(Hook.POSTROUTING, this::impairment);
    }

    private Verdict policy(Packet packet, long nowMillis) {
      return packet.key().destinationPort() == blockedPort
          ? packet.reject(DropReason.NO_ROUTE)
          : Verdict.ACCEPT;
    }

    private Verdict impairment(Packet packet, long nowMillis) {
      if (packet.key().destinationPort() != FlowCacheTest.LOSSY_PORT) {
        return Verdict.ACCEPT;
      }
      packet.forbidImitation();
      return ++packets % 3 == 0 ? packet.drop(DropReason.TRANSMIT_FAILED) : Verdict.ACCEPT;
    }

    private boolean take(String where, Frame frame) {
      String offload =
          (frame.checksumPending() ? frame.checksumStart() + "+" + frame.checksumOffset() : "")
              + (frame.segmentSize() > 0 ? frame.segmentType() + "/" + frame.segmentSize() : "");
      outputs.add(new Output(where, TestNetwork.bytesOf(frame), offload));
      return !where.equals(failing);
    }

    void attach(String name, List<IpAddress> addresses, MacAddress mac) {
      detach(name, addresses);
      BridgePort port = datapath.attachPod(name, addresses, mac, frame -> take(name, frame));
      ports.put(name, port);
      counters.add(port.counters());
    }

    void detach(String name, List<IpAddress> addresses) {
      BridgePort port = ports.remove(name);
      if (port != null) {
        datapath.detachPod(port, addresses);
      }
    }

    void receive(String from, Frame frame, long nowMillis) {
      if (from.equals("kernel")) {
        datapath.receiveFromKernel(frame, nowMillis);
      } else if (ports.containsKey(from)) {
        datapath.receiveFromPod(Objects.requireNonNull(ports.get(from)), frame, nowMillis);
      } else if (!from.startsWith("pod")) {
        IpAddress source = IpAddress.parse(from);
        datapath.receiveFromTunnel(frame, source.high(), source.low(), nowMillis);
      }
    }

    /** Everything countable that a packet leaves behind. */
    private Map<String, Object> traces() {
      Map<String, Object> traces = new TreeMap<>();
      traces.put("drops", datapath.drops().snapshot());
      traces.put("connections", datapath.conntrack().size());
      traces.put("tunnel", show(datapath.tunnelCounters()));
      traces.put("kernel", show(datapath.kernelCounters()));
      traces.put("ports", counters.stream().map(Twin::show).toList());
      return traces;
    }

    private static String show(PortCounters counters) {
      return counters.receivedPackets()
          + "/"
          + counters.receivedBytes()
          + " "
          + counters.sentPackets()
          + "/"
          + counters.sentBytes()
          + " "
          + counters.droppedFrames();
    }

    private TreeSet<String> connections() {
      TreeSet<String> all = new TreeSet<>();
      datapath.conntrack().connections().forEach(connection -> all.add(connection.toString()));
      return all;
    }
  }

  private final Twin cached;
  private final Twin plain;

  TwinDatapaths(long seed) {
    cached = new Twin(seed, true);
    plain = new Twin(seed, false);
  }

  void change(Consumer<Twin> change) {
    change.accept(cached);
    change.accept(plain);
  }

  void receive(String from, Frame frame, long nowMillis) {
    change(twin -> twin.receive(from, frame.copy(), nowMillis));
  }

  /** Compares what has left since the last call, and what can be counted; returns the former. */
  List<Output> expectNoDifference(String after) {
    change(twin -> twin.datapath.flush());
    assertThat(cached.outputs.stream().map(Output::toString))
        .as("frames after %s", after)
        .containsExactlyElementsOf(plain.outputs.stream().map(Output::toString).toList());
    assertThat(cached.traces()).as("counters after %s", after).isEqualTo(plain.traces());
    List<Output> outputs = List.copyOf(plain.outputs);
    change(twin -> twin.outputs.clear());
    return outputs;
  }

  void expectSameConnections() {
    assertThat(cached.connections()).isEqualTo(plain.connections());
  }

  /** Frames that took the short way. */
  long hits() {
    assertThat(plain.datapath.flows().hits()).isZero();
    return cached.datapath.flows().hits();
  }
}
