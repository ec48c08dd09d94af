package io.podwire.bench.micro;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * A program: what a mode of balancing costs a node among more and more Services, by its whole
 * datapath. Prints a line for each number of Services with the values of {@link #COLUMNS}.
 *
 * <p>The numbers of Services take turns in every batch, so that neither compilers nor the machine
 * favour one of them.
 */
public final class ServiceCosts {

  /** What the numbers are: nanoseconds, but the counts of rules. */
  public static final List<String> COLUMNS =
      List.of(
          "first", "rules", "established", "established-rules", "update", "after-update", "sync");

  /**
   * How often each thing is measured; before that it is done as often, and for so long, that the
   * compilers are done with it.
   */
  private record Effort(int batches, int changes, int syncs, int established, long warmUpNanos) {
    static final Effort WHOLE = new Effort(15, 64, 5, 20_000, 1_500_000_000L);
    static final Effort COUNTS = new Effort(1, 1, 1, 10, 0);
  }

  private static final int ASKED = 128;
  private static final int BATCH = 256;
  private static final int BACKENDS = 3;
  private static final int PORT = 80;
  private static final int LONG_AFTER_MILLIS = 200_000;
  private static final MacAddress GATEWAY_MAC = MacAddress.parse("0a:00:00:00:00:01");
  private static final IpAddress CLIENT = IpAddress.parse("10.244.1.2");
  private static final IpAddress FIRST = IpAddress.parse("10.96.0.1");

  private final ProxySettings mode;
  private final int services;
  private final FrameSink sink = frame -> true;
  private final NodeDatapath datapath =
      new NodeDatapath(
          new GatewayConfig(
              IpAddress.parse("10.244.1.1"),
              IpAddress.parse("172.30.0.1"),
              Cidr.parse("10.244.1.0/24"),
              List.of(Cidr.parse("10.244.0.0/16")),
              List.of(Cidr.parse("10.96.0.0/16")),
              GATEWAY_MAC,
              MacAddress.parse("0e:00:00:00:00:01"),
              MacAddress.parse("0c:00:00:00:00:01"),
              1450,
              1500,
              61_000,
              65_534),
          new Vni(1),
          sink,
          (address, port, hash, payload) -> true,
          new Random(1),
          0);
  private final BridgePort client =
      datapath.attachPod("client", CLIENT, MacAddress.of(CLIENT), sink);
  private final Frame frame =
      Packets.frame(Packets.udp(CLIENT, FIRST, GATEWAY_MAC, GATEWAY_MAC, 64).length());
  private final int[] asked;
  private long nowMillis;
  private int changes;
  private int nextPort;

  private ServiceCosts(ProxySettings mode, int services) {
    this.mode = mode;
    this.services = services;
    for (int i = 0; i < BACKENDS; i++) {
      IpAddress address = backend(i).address();
      datapath.attachPod("backend-" + i, address, MacAddress.of(address), sink);
    }
    List<Integer> evenly = new ArrayList<>();
    for (int i = 0; i < ASKED; i++) {
      evenly.add((2 * i + 1) * services / (2 * ASKED));
    }
    Collections.shuffle(evenly, new Random(1));
    asked = evenly.stream().mapToInt(Integer::intValue).toArray();
    for (int service = 0; service < services; service++) {
      put(service, service);
    }
  }

  /** Measures a mode, such as {@code ipvs/rr}, with each of these numbers of Services. */
  public static void main(String[] arguments) {
    List<Integer> sizes = Arrays.stream(arguments).skip(1).map(Integer::valueOf).toList();
    measure(arguments[0], sizes, Effort.WHOLE)
        .forEach((services, values) -> {
          StringBuilder line = new StringBuilder(services.toString());
          for (double value : values) {
            line.append(' ').append(String.format(Locale.ROOT, "%.3f", value));
          }
          System.out.println(line);
        });
  }

  /** As {@link #main} with little effort: the counts are right, the times are of no use. */
  static Map<Integer, double[]> counts(String mode, List<Integer> sizes) {
    return measure(mode, sizes, Effort.COUNTS);
  }

  private static Map<Integer, double[]> measure(String mode, List<Integer> sizes, Effort effort) {
    ProxySettings settings = ProxySettings.parse(mode);
    List<ServiceCosts> nodes = new ArrayList<>();
    sizes.forEach(size -> nodes.add(new ServiceCosts(settings, size)));
    long warmUp = effort.warmUpNanos();
    double[] sync = inTurns(nodes, effort.syncs(), warmUp, ServiceCosts::sync);
    double[] first = inTurns(nodes, effort.batches(), warmUp, ServiceCosts::first);
    double[] rules = inTurns(nodes, 1, 0, ServiceCosts::rules);
    double[] established =
        inTurns(nodes, effort.batches(), warmUp, node -> node.established(effort));
    double[] establishedRules = inTurns(nodes, 1, 0, node -> node.establishedRules(effort));
    double[] update = inTurns(nodes, effort.changes(), warmUp, ServiceCosts::update);
    double[] after = inTurns(nodes, effort.changes(), 0, ServiceCosts::afterUpdate);
    Map<Integer, double[]> values = new LinkedHashMap<>();
    for (int i = 0; i < sizes.size(); i++) {
      values.put(
          sizes.get(i),
          new double[] {
            first[i], rules[i], established[i], establishedRules[i], update[i], after[i], sync[i]
          });
    }
    return values;
  }

  /** The median of each node's values, after as many turns that warm up, or more. */
  private static double[] inTurns(
      List<ServiceCosts> nodes, int times, long warmUpNanos, ToDoubleFunction<ServiceCosts> once) {
    long began = System.nanoTime();
    for (int turn = 0; turn < times || System.nanoTime() - began < warmUpNanos; turn++) {
      for (ServiceCosts node : nodes) {
        double unused = once.applyAsDouble(node);
      }
    }
    double[][] values = new double[nodes.size()][times];
    for (int turn = 0; turn < times; turn++) {
      for (int node = 0; node < nodes.size(); node++) {
        values[node][turn] = once.applyAsDouble(nodes.get(node));
      }
    }
    return Arrays.stream(values).mapToDouble(ServiceCosts::median).toArray();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static Backend backend(int number) {
    return new Backend(IpAddress.parse("10.244.1." + (10 + number)), 8080);
  }

  private void put(int service, int from) {
    List<Backend> backends = List.of(backend(from % BACKENDS), backend((from + 1) % BACKENDS));
    datapath
        .services()
        .put(
            new ServiceTable.Key(FIRST.plus(service), IpProtocol.UDP, PORT),
            new VirtualService("bench/service-" + service + ":p", backends));
  }

  private double sync() {
    datapath.balance(
        ProxySettings.parse(mode.equals(ProxySettings.DEFAULT) ? "userspace" : "iptables"));
    long began = System.nanoTime();
    datapath.balance(mode);
    return System.nanoTime() - began;
  }

  private double first() {
    double nanos = first(asked, BATCH);
    forget();
    return nanos;
  }

  private double rules() {
    long before = datapath.ruleEvaluations();
    first();
    return (double) (datapath.ruleEvaluations() - before) / BATCH;
  }

  private int changing() {
    return asked[changes % ASKED];
  }

  private double update() {
    changes++;
    long began = System.nanoTime();
    put(changing(), changing() + changes);
    return System.nanoTime() - began;
  }

  private double afterUpdate() {
    update();
    return first(new int[] {changing()}, 1);
  }

  /** Lets all connections expire. */
  private void forget() {
    nowMillis += LONG_AFTER_MILLIS;
    for (int i = 0; i < 16; i++) {
      datapath.tick(nowMillis);
      nowMillis += 1000;
    }
  }

  /** Nanoseconds of a first packet, of so many to these Services in turn. */
  private double first(int[] to, int count) {
    Frame[] frames = new Frame[count];
    for (int i = 0; i < count; i++) {
      frames[i] = packet(FIRST.plus(to[i % to.length]), 1024 + nextPort++ % 60_000);
    }
    long began = System.nanoTime();
    for (Frame packet : frames) {
      send(packet);
    }
    return (double) (System.nanoTime() - began) / count;
  }

  private double established(Effort effort) {
    Frame packet = packet(FIRST.plus(asked[0]), 999);
    send(packet);
    long began = System.nanoTime();
    for (int i = 0; i < effort.established(); i++) {
      send(packet);
    }
    return (double) (System.nanoTime() - began) / effort.established();
  }

  private double establishedRules(Effort effort) {
    established(effort);
    long before = datapath.ruleEvaluations();
    established(effort);
    return datapath.ruleEvaluations() - before;
  }

  private void send(Frame packet) {
    frame.copyFrom(packet);
    datapath.receiveFromPod(client, frame, nowMillis);
  }

  /** A datagram without a checksum. */
  private static Frame packet(IpAddress to, int port) {
    Frame packet = Packets.udp(CLIENT, to, MacAddress.of(CLIENT), GATEWAY_MAC, 64);
    int offset = packet.start() + EthernetView.HEADER_LENGTH + Ipv4View.HEADER_LENGTH;
    new UdpView()
        .wrap(packet.buffer(), offset, packet.end() - offset)
        .setSourcePort(port)
        .setDestinationPort(PORT)
        .setChecksum(0);
    return packet;
  }
}
