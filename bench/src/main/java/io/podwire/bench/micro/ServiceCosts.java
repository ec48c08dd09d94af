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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A program: what a mode of balancing costs a node among more and more Services, by its whole
 * datapath. Prints a line for each number of Services with the values of {@link #COLUMNS}.
 */
public final class ServiceCosts {

  /** What the numbers are: nanoseconds, but the second. */
  public static final List<String> COLUMNS =
      List.of("first", "rules", "established", "update", "after-update", "sync");

  private static final int ASKED = 128;
  private static final int BATCHES = 15;
  private static final int WARM_UPS = 15;
  private static final int BATCH = 256;
  private static final int CHANGES = 64;
  private static final int ESTABLISHED = 20_000;
  private static final int BACKENDS = 3;
  private static final int PORT = 80;
  private static final int LONG_AFTER_MILLIS = 200_000;
  private static final MacAddress GATEWAY_MAC = MacAddress.parse("0a:00:00:00:00:01");
  private static final IpAddress CLIENT = IpAddress.parse("10.244.1.2");
  private static final IpAddress FIRST = IpAddress.parse("10.96.0.1");

  private final ProxySettings mode;
  private final int services;
  private final Random lot = new Random(1);
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
  private int nextPort;

  private ServiceCosts(ProxySettings mode, int services) {
    this.mode = mode;
    this.services = services;
    for (int i = 0; i < BACKENDS; i++) {
      IpAddress address = backend(i).address();
      datapath.attachPod("backend-" + i, address, MacAddress.of(address), sink);
    }
    asked = lot.ints(ASKED, 0, services).toArray();
  }

  /** Measures a mode, such as {@code ipvs/rr}, with each of these numbers of Services. */
  public static void main(String[] arguments) {
    ProxySettings mode = ProxySettings.parse(arguments[0]);
    // Compilers first: all paths, with a number of Services that is not reported.
    new ServiceCosts(mode, 500).measure();
    for (String services : Arrays.asList(arguments).subList(1, arguments.length)) {
      double[] values = new ServiceCosts(mode, Integer.parseInt(services)).measure();
      StringBuilder line = new StringBuilder(services);
      for (double value : values) {
        line.append(' ').append(String.format(Locale.ROOT, "%.3f", value));
      }
      System.out.println(line);
    }
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

  private double[] measure() {
    for (int service = 0; service < services; service++) {
      put(service, service);
    }
    datapath.balance(other());
    long began = System.nanoTime();
    datapath.balance(mode);
    double sync = System.nanoTime() - began;

    double[] first = new double[BATCHES];
    double rules = 0;
    for (int batch = -WARM_UPS; batch < BATCHES; batch++) {
      long evaluated = datapath.ruleEvaluations();
      double nanos = first(asked, BATCH);
      if (batch >= 0) {
        first[batch] = nanos;
        rules = (double) (datapath.ruleEvaluations() - evaluated) / BATCH;
      }
      forget();
    }
    double[] update = new double[CHANGES];
    double[] after = new double[CHANGES];
    for (int change = 0; change < CHANGES; change++) {
      int service = asked[change % ASKED];
      began = System.nanoTime();
      put(service, service + 1 + change);
      update[change] = System.nanoTime() - began;
      after[change] = first(new int[] {service}, 1);
    }
    return new double[] {median(first), rules, established(), median(update), median(after), sync};
  }

  private ProxySettings other() {
    return ProxySettings.parse(mode.equals(ProxySettings.DEFAULT) ? "userspace" : "iptables");
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
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

  private double established() {
    Frame packet = packet(FIRST.plus(asked[0]), 999);
    double[] batches = new double[BATCHES];
    for (int batch = -WARM_UPS; batch < BATCHES; batch++) {
      long began = System.nanoTime();
      for (int i = 0; i < ESTABLISHED; i++) {
        send(packet);
      }
      if (batch >= 0) {
        batches[batch] = (double) (System.nanoTime() - began) / ESTABLISHED;
      }
    }
    return median(batches);
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
