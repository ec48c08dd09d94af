package io.podwire.testkit.e2e.services;

import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.packet.IpProtocol;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table {@code flows.txt}, whose head says what it means. */
final class ServiceFlows {

  private static final Pattern FRONTEND = Pattern.compile("([a-z-]+?)(6?)(?::(\\d+))?");
  private static final Set<String> REFUSALS = Set.of("reject", "drop", "nowhere");
  private static final IpAddress UNALLOCATED = IpAddress.parse("10.96.200.1");
  private static final IpAddress UNALLOCATED_IPV6 = IpAddress.parse("fd00:10:96::f001");

  private final Map<String, FlowService> services = new LinkedHashMap<>();
  private final List<Flow> flows = new ArrayList<>();

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
        FlowService service =
            new FlowService(services.size(), words[1], protocol, options(words, 3));
        services.put(words[1], service);
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
    FlowService service = Objects.requireNonNull(services.get(words[3]), line);
    Matcher frontend = FRONTEND.matcher(words[2]);
    if (!words[4].equals("=") || !frontend.matches()) {
      throw new IllegalArgumentException("line " + number + ": " + line);
    }
    FlowHost source = host(words[1], FlowHost.PODS);
    boolean refused = REFUSALS.contains(words[5]);
    Map<String, String> options = options(words, 6);
    String modes = options.getOrDefault("modes", "");
    boolean ipv4 = frontend.group(2).isEmpty();
    boolean unallocated = frontend.group(1).equals("unallocated");
    Frontend at =
        unallocated
            ? Frontend.CLUSTER_IP
            : Frontend.valueOf(frontend.group(1).replace('-', '_').toUpperCase(Locale.ROOT));
    boolean far = source.node().equals(FlowHost.NODE_2) && at != Frontend.NODE_PORT;
    return new Flow(
        number,
        line,
        source.name(),
        service.protocol(),
        unallocated ? (ipv4 ? UNALLOCATED : UNALLOCATED_IPV6) : service.address(at, ipv4),
        port(service, at, frontend.group(3)),
        refused ? words[5] : "reached",
        refused ? Set.of() : new TreeSet<>(List.of(words[5].split(","))),
        options.getOrDefault("source", ""),
        far ? FlowHost.NODE_2 : FlowHost.NODE_1,
        options.containsKey("sticky"),
        modes.isEmpty() ? Set.of() : Set.of(modes.split(",")));
  }

  /** A port of the Service, the first one unless it is named, or one that it does not have. */
  private static int port(FlowService service, Frontend at, String named) {
    for (FlowService.Port port : service.ports()) {
      if (named == null || port.number() == Integer.parseInt(named)) {
        return at == Frontend.NODE_PORT ? port.nodePort() : port.number();
      }
    }
    return Integer.parseInt(named);
  }

  /** Who has this name in the table. */
  static FlowHost host(String name, Map<String, FlowHost> pods) {
    for (Map<String, FlowHost> hosts : List.of(pods, FlowHost.MACHINES, FlowHost.NODES)) {
      FlowHost host = hosts.get(name);
      if (host != null) {
        return host;
      }
    }
    throw new IllegalArgumentException("no source " + name);
  }

  List<Flow> flows() {
    return flows;
  }

  /** The Services' names. */
  Set<String> services() {
    return services.keySet();
  }

  List<Flow> flows(ProxyMode mode) {
    return flows.stream().filter(flow -> flow.isFor(mode)).toList();
  }

  /**
   * The Services as manifests, with the endpoints that are written by hand.
   *
   * @param allocated with what the control plane adds to them
   */
  String manifests(Map<String, FlowHost> pods, boolean allocated) {
    StringBuilder text = new StringBuilder();
    // Endpoints first: who knows a Service then knows where it leads.
    services.values().forEach(service -> text.append(service.slices(pods)));
    services.values().forEach(service -> text.append(service.manifest(allocated)));
    return text.toString();
  }

  /** The labels of a Pod: those by which Services select it. */
  String labels(String pod) {
    return services.values().stream()
        .filter(service -> service.pods().contains(pod))
        .map(service -> service.name() + ": member")
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
