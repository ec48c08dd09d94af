package io.podwire.testkit.e2e.services;

import io.podwire.netstack.service.Frontend;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A Service of the table, with its number, of which its addresses are made.
 *
 * @param options as the head of the table says
 */
record FlowService(int number, String name, int protocol, Map<String, String> options) {

  private static final int FIRST_NODE_PORT = 30_080;
  private static final int NODE_PORTS_APART = 200;
  private static final int FIRST_HEALTH_CHECK_PORT = 32_000;

  /**
   * A port.
   *
   * @param target a number, or the name of a port of the Pods
   */
  record Port(int number, String target, int nodePort) {
    String name() {
      return "p" + number;
    }
  }

  String option(String key) {
    return options.getOrDefault(key, "");
  }

  private List<String> list(String key) {
    return option(key).isEmpty() ? List.of() : List.of(option(key).split(","));
  }

  String type() {
    return options.getOrDefault("type", "LoadBalancer");
  }

  /** The Pods that it selects; none where its endpoints are written by hand. */
  List<String> pods() {
    return list("pods");
  }

  List<Port> ports() {
    List<Port> ports = new ArrayList<>();
    for (String text : options.getOrDefault("ports", "80>8080").split(",")) {
      String[] ends = text.split(">");
      int nodePort = FIRST_NODE_PORT + number + NODE_PORTS_APART * ports.size();
      ports.add(new Port(Integer.parseInt(ends[0]), ends[1], nodePort));
    }
    return ports;
  }

  /** Whether it has IPv4, or else IPv6; the first of the list is its primary family. */
  List<Boolean> families() {
    return switch (option("family")) {
      case "ipv6" -> List.of(false);
      case "dual" -> List.of(true, false);
      default -> List.of(true);
    };
  }

  IpAddress address(Frontend frontend, boolean ipv4) {
    int place = number;
    String text =
        switch (frontend) {
          case CLUSTER_IP ->
              ipv4 ? "10.96.0." + (20 + place) : "fd00:10:96::" + hex(0x2000 + place);
          case NODE_PORT ->
              Objects.requireNonNull(FlowHost.NODES.get("node")).address(ipv4).toString();
          case EXTERNAL_IP ->
              ipv4 ? "198.51.100." + (20 + place) : "fd00:198::" + hex(0x20 + place);
          case LOAD_BALANCER ->
              ipv4 ? "203.0.113." + (20 + place) : "fd00:203::" + hex(0x1000 + place);
        };
    return IpAddress.parse(text);
  }

  private static String hex(int number) {
    return Integer.toHexString(number);
  }

  private String addresses(Frontend frontend) {
    return families().stream()
        .map(ipv4 -> "\"" + address(frontend, ipv4) + "\"")
        .collect(Collectors.joining(", "));
  }

  private boolean isLocal(String policy) {
    return option(policy).equals("Local");
  }

  private String protocolName() {
    return protocol == IpProtocol.UDP ? "UDP" : "TCP";
  }

  /**
   * The Service's manifest.
   *
   * @param allocated with what the control plane adds to it
   */
  String manifest(boolean allocated) {
    boolean balancer = type().equals("LoadBalancer");
    StringBuilder text = new StringBuilder();
    text.append("apiVersion: v1\nkind: Service\nmetadata:\n  name: ").append(name);
    text.append("\n  namespace: default\nspec:\n");
    field(text, "type", type());
    field(text, "clusterIP", addresses(Frontend.CLUSTER_IP).split(",")[0]);
    field(text, "clusterIPs", "[" + addresses(Frontend.CLUSTER_IP) + "]");
    field(
        text,
        "ipFamilies",
        families().stream().map(ipv4 -> ipv4 ? "IPv4" : "IPv6").toList().toString());
    field(text, "ipFamilyPolicy", families().size() > 1 ? "RequireDualStack" : "SingleStack");
    field(text, "externalIPs", "[" + addresses(Frontend.EXTERNAL_IP) + "]");
    field(text, "internalTrafficPolicy", option("internal"));
    field(text, "externalTrafficPolicy", option("external"));
    if (balancer) {
      field(text, "loadBalancerIP", addresses(Frontend.LOAD_BALANCER).split(",")[0]);
      if (isLocal("external")) {
        // Not one of the node ports that the other Services ask for.
        field(text, "healthCheckNodePort", "" + (FIRST_HEALTH_CHECK_PORT + number));
      }
    }
    if (options.containsKey("affinity")) {
      field(text, "sessionAffinity", "ClientIP");
      field(
          text,
          "sessionAffinityConfig",
          "{clientIP: {timeoutSeconds: " + option("affinity") + "}}");
    }
    if (options.containsKey("ranges")) {
      field(
          text,
          "loadBalancerSourceRanges",
          list("ranges").stream().map(FlowService::quoted).toList().toString());
    }
    field(text, "trafficDistribution", option("distribution"));
    if (options.containsKey("publish")) {
      field(text, "publishNotReadyAddresses", "true");
    }
    if (!pods().isEmpty()) {
      field(text, "selector", "{" + name + ": member}");
    }
    text.append("  ports:\n");
    for (Port port : ports()) {
      text.append("  - {name: ").append(port.name()).append(", port: ").append(port.number());
      text.append(", protocol: ").append(protocolName()).append(", targetPort: ");
      text.append(port.target());
      if (!type().equals("ClusterIP")) {
        text.append(", nodePort: ").append(port.nodePort());
      }
      text.append("}\n");
    }
    if (allocated && balancer) {
      String address = addresses(Frontend.LOAD_BALANCER).split(",")[0];
      text.append("status: {loadBalancer: {ingress: [{ip: ").append(address).append("}]}}\n");
    }
    return text.append("---\n").toString();
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static void field(StringBuilder to, String name, String value) {
    if (!value.isEmpty()) {
      to.append("  ").append(name).append(": ").append(value).append('\n');
    }
  }

  /** The slices of its endpoints where they are written by hand, one for each family. */
  String slices(Map<String, FlowHost> pods) {
    if (!pods().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (boolean ipv4 : families()) {
      String type = ipv4 ? "IPv4" : "IPv6";
      text.append("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  name: ");
      text.append(name).append('-').append(type.toLowerCase(Locale.ROOT));
      text.append("\n  namespace: default\n  labels: {kubernetes.io/service-name: ").append(name);
      text.append("}\naddressType: ").append(type).append("\nports:\n");
      for (Port port : ports()) {
        text.append("- {name: ").append(port.name()).append(", protocol: ");
        text.append(protocolName()).append(", port: ").append(port.target()).append("}\n");
      }
      List<String> endpoints = list("endpoints");
      text.append("endpoints:").append(endpoints.isEmpty() ? " []\n" : "\n");
      endpoints.forEach(each -> text.append("- ").append(endpoint(each, pods, ipv4)).append('\n'));
      text.append("---\n");
    }
    return text.toString();
  }

  /** Of NAME[/CONDITION][@HINT[+HINT]]. */
  private static String endpoint(String text, Map<String, FlowHost> pods, boolean ipv4) {
    String[] hinted = text.split("@");
    String[] conditioned = hinted[0].split("/");
    FlowHost pod = Objects.requireNonNull(pods.get(conditioned[0]), text);
    String written =
        "addresses: [\"%s\"], nodeName: %s, conditions: {%s}"
            .formatted(
                pod.address(ipv4),
                pod.node(),
                conditions(conditioned.length > 1 ? conditioned[1] : "ready"));
    return "{" + written + (hinted.length > 1 ? ", hints: {" + hints(hinted[1]) + "}" : "") + "}";
  }

  private static String conditions(String word) {
    return switch (word) {
      case "ready" -> "ready: true, serving: true, terminating: false";
      case "unknown" -> "";
      case "unready" -> "ready: false, serving: false, terminating: false";
      case "leaving" -> "ready: false, serving: true, terminating: true";
      case "leaving-unknown" -> "ready: false, terminating: true";
      case "ending" -> "ready: false, serving: false, terminating: true";
      case "published" -> "ready: true, serving: true, terminating: true";
      default -> throw new IllegalArgumentException("no condition " + word);
    };
  }

  private static String hints(String text) {
    List<String> zones = new ArrayList<>();
    List<String> nodes = new ArrayList<>();
    for (String hint : text.split("\\+")) {
      (hint.startsWith("node-") ? nodes : zones).add("{name: " + hint + "}");
    }
    return "forZones: " + zones + ", forNodes: " + nodes;
  }
}
