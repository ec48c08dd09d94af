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

  /**
   * The Services as manifests, with endpoints by hand.
   *
   * @param pods the address of each endpoint, local ones on node-1 and others on node-2
   */
  String manifests(Map<String, String> pods) {
    StringBuilder text = new StringBuilder();
    // Endpoints first: who knows a Service then knows where it leads.
    services.values().forEach(service -> text.append(slice(service, pods)));
    services.values().forEach(service -> text.append(manifest(service)));
    return text.toString();
  }

  /** The last load balancer's address, which nodes know when they know all the rest. */
  String lastAddress() {
    Entry last = services.values().stream().reduce((a, b) -> b).orElseThrow();
    return address(last, Frontend.LOAD_BALANCER).toString();
  }

  private static String slice(Entry service, Map<String, String> pods) {
    StringBuilder endpoints = new StringBuilder();
    for (String name : service.endpoints()) {
      endpoints.append(
          "- {addresses: [%s], nodeName: %s, conditions: {ready: true}}\n"
              .formatted(pods.get(name), name.startsWith("local") ? "node-1" : "node-2"));
    }
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: %s-1, labels: {kubernetes.io/service-name: %s}}
    addressType: IPv4
    ports: [{name: p, port: %d, protocol: %s}]
    endpoints:%s
    ---
    """
        .formatted(
            service.name(),
            service.name(),
            TARGET_PORT,
            protocol(service),
            endpoints.isEmpty() ? " []" : "\n" + endpoints.toString().stripTrailing());
  }

  private static String protocol(Entry service) {
    return service.protocol() == IpProtocol.UDP ? "UDP" : "TCP";
  }

  private static String manifest(Entry service) {
    int number = service.number();
    String affinity = service.options().getOrDefault("affinity", "");
    String ranges = service.options().getOrDefault("ranges", "");
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s}
    spec:
      type: LoadBalancer
      clusterIP: %s
      externalIPs: [%s]
      loadBalancerIP: %s
      internalTrafficPolicy: %s
      externalTrafficPolicy: %s
      %s
      %s
      %s
      ports: [{name: p, port: %d, protocol: %s, targetPort: %d, nodePort: %d}]
    ---
    """
        .formatted(
            service.name(),
            address(service, Frontend.CLUSTER_IP),
            address(service, Frontend.EXTERNAL_IP),
            address(service, Frontend.LOAD_BALANCER),
            service.isLocal("internal") ? "Local" : "Cluster",
            service.isLocal("external") ? "Local" : "Cluster",
            // Not one of the node ports that the other Services ask for.
            service.isLocal("external") ? "healthCheckNodePort: " + (32_000 + number) : "",
            affinity.isEmpty()
                ? ""
                : "sessionAffinity: ClientIP\n"
                    + "  sessionAffinityConfig: {clientIP: {timeoutSeconds: "
                    + affinity
                    + "}}",
            ranges.isEmpty() ? "" : "loadBalancerSourceRanges: [" + ranges + "]",
            PORT,
            protocol(service),
            TARGET_PORT,
            FIRST_NODE_PORT + number);
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
