package io.podwire.testkit.e2e.services;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The table {@code flows.txt}, whose head says what it means, with the addresses of one node. */
final class ServiceFlows {

  static final IpAddress NODE = IpAddress.parse("172.30.0.11");
  static final String UNALLOCATED = "10.96.200.1";
  static final int TARGET_PORT = 8080;

  static final Map<String, String> ADDRESSES =
      Map.of(
          "pod", "10.244.1.2",
          "local-a", "10.244.1.3",
          "local-b", "10.244.1.4",
          "remote-a", "10.244.2.2",
          "node", "172.30.0.11",
          "outside", "172.30.0.99",
          "stranger", "172.30.0.20");

  private static final int PORT = 80;
  private static final int FIRST_NODE_PORT = 30_080;

  private final Map<String, Entry> services = new LinkedHashMap<>();
  private final List<Flow> flows = new ArrayList<>();

  /** A Service with its number, of which its addresses are made. */
  private record Entry(int number, String name, int protocol, Map<String, String> options) {
    boolean isLocal(String policy) {
      return "Local".equals(options.get(policy));
    }

    List<String> endpoints() {
      return options.containsKey("endpoints")
          ? List.of(options.getOrDefault("endpoints", "").split(","))
          : List.of();
    }
  }

  /**
   * A line.
   *
   * @param endpoints empty for an outcome that is no endpoint
   * @param outcome reject, drop, or reached
   */
  record Flow(
      int line,
      String text,
      String source,
      int protocol,
      IpAddress address,
      int port,
      String outcome,
      Set<String> endpoints,
      String seen,
      boolean sticky,
      Set<String> modes) {

    boolean isFor(ProxyMode mode) {
      return modes.isEmpty() || modes.contains(mode.name().toLowerCase(Locale.ROOT));
    }

    /** What was seen, told as this line tells it; empty where it is right. */
    String difference(ProxyMode mode, Set<String> outcomes, Set<String> sources) {
      Set<String> expected = endpoints.isEmpty() ? Set.of(outcome) : endpoints;
      boolean right =
          sticky
              ? outcomes.size() == 1 && expected.containsAll(outcomes)
              : outcomes.equals(expected);
      if (!endpoints.isEmpty()) {
        String source = mode == ProxyMode.USERSPACE ? "node" : seen;
        right &= sources.equals(Set.of(source));
      }
      return right ? "" : "line " + line + ": " + text + "\n   but " + outcomes + " saw " + sources;
    }
  }

  static ServiceFlows read() {
    ServiceFlows table = new ServiceFlows();
    try (InputStream file =
        Objects.requireNonNull(ServiceFlows.class.getResourceAsStream("flows.txt"))) {
      String[] lines = new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n");
      for (int i = 0; i < lines.length; i++) {
        String line = lines[i].replaceAll("#.*", "").strip();
        if (!line.isEmpty()) {
          table.add(i + 1, line, line.split("\\s+"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }

  private void add(int number, String line, String[] words) {
    switch (words[0]) {
      case "service" -> {
        int protocol = words[2].equals("udp") ? IpProtocol.UDP : IpProtocol.TCP;
        Entry entry = new Entry(services.size(), words[1], protocol, options(words, 3));
        services.put(words[1], entry);
      }
      case "flow" -> flows.add(flow(number, line, words));
      default -> throw new IllegalArgumentException("line " + number + ": " + line);
    }
  }

  private static Map<String, String> options(String[] words, int from) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String word : Arrays.asList(words).subList(from, words.length)) {
      int equals = word.indexOf('=');
      options.put(
          equals < 0 ? word : word.substring(0, equals),
          equals < 0 ? "" : word.substring(equals + 1));
    }
    return options;
  }

  private Flow flow(int number, String line, String[] words) {
    Entry service = Objects.requireNonNull(services.get(words[3]), line);
    if (!words[4].equals("=") || !ADDRESSES.containsKey(words[1])) {
      throw new IllegalArgumentException("line " + number + ": " + line);
    }
    boolean refused = words[5].equals("reject") || words[5].equals("drop");
    Map<String, String> options = options(words, 6);
    String modes = options.getOrDefault("modes", "");
    String frontend = words[2];
    int colon = frontend.indexOf(':');
    String kind = colon < 0 ? frontend : frontend.substring(0, colon);
    int port = colon < 0 ? PORT : Integer.parseInt(frontend.substring(colon + 1));
    boolean unallocated = kind.equals("unallocated");
    Frontend at =
        unallocated
            ? Frontend.CLUSTER_IP
            : Frontend.valueOf(kind.replace('-', '_').toUpperCase(Locale.ROOT));
    return new Flow(
        number,
        line,
        words[1],
        service.protocol(),
        unallocated ? IpAddress.parse(UNALLOCATED) : address(service, at),
        at == Frontend.NODE_PORT ? FIRST_NODE_PORT + service.number() : port,
        refused ? words[5] : "reached",
        refused ? Set.of() : new TreeSet<>(List.of(words[5].split(","))),
        options.getOrDefault("source", ""),
        options.containsKey("sticky"),
        modes.isEmpty() ? Set.of() : Set.of(modes.split(",")));
  }

  private static IpAddress address(Entry service, Frontend frontend) {
    return switch (frontend) {
      case CLUSTER_IP -> IpAddress.parse("10.96.0." + (20 + service.number()));
      case NODE_PORT -> NODE;
      case EXTERNAL_IP -> IpAddress.parse("203.0.113." + (20 + service.number()));
      case LOAD_BALANCER -> IpAddress.parse("203.0.113." + (120 + service.number()));
    };
  }

  List<Flow> flows() {
    return flows;
  }

  /** Binds every frontend of every Service. */
  void bind(ServiceTable table) {
    for (Entry service : services.values()) {
      for (Frontend frontend : Frontend.values()) {
        int port = frontend == Frontend.NODE_PORT ? FIRST_NODE_PORT + service.number() : PORT;
        table.put(
            new ServiceTable.Key(address(service, frontend), service.protocol(), port),
            bound(service, frontend));
      }
    }
  }

  private static VirtualService bound(Entry service, Frontend frontend) {
    List<Backend> backends = new ArrayList<>();
    List<Backend> local = new ArrayList<>();
    for (String name : service.endpoints()) {
      Backend backend =
          new Backend(IpAddress.parse(Objects.requireNonNull(ADDRESSES.get(name))), TARGET_PORT);
      backends.add(backend);
      if (name.startsWith("local")) {
        local.add(backend);
      }
    }
    String ranges = service.options().getOrDefault("ranges", "");
    return new VirtualService(
        "flows/" + service.name() + ":p",
        frontend,
        backends,
        local,
        service.isLocal(frontend.isExternal() ? "external" : "internal"),
        Integer.parseInt(service.options().getOrDefault("affinity", "0")),
        ranges.isEmpty() || frontend != Frontend.LOAD_BALANCER
            ? List.of()
            : Arrays.stream(ranges.split(",")).map(Cidr::parse).toList());
  }
}
