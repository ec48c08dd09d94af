package io.podwire.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The objects of examples/hello.yaml as the cluster has placed and addressed them.
 *
 * @param client the Pod that asks
 * @param near a web Pod on the client's node
 * @param far a web Pod on another node
 * @param ipv4 whether all addresses are of IPv4, or else of IPv6
 * @param alone whether the cluster has no other family: names lead to this one by themselves
 * @param serviceAddress the ClusterIP of {@code web}
 * @param refusingAddress the ClusterIP of {@code nobody}
 * @param dnsAddress the ClusterIP of the cluster's DNS
 * @param tools which of curl and dig the client's file system has
 */
record DemoWorld(
    PodPrograms programs,
    Member client,
    Member near,
    Member far,
    boolean ipv4,
    boolean alone,
    String serviceAddress,
    String refusingAddress,
    String dnsAddress,
    List<String> tools) {
  static final String NAMESPACE = "hello";
  static final String SUFFIX = ".hello.svc.cluster.local";
  static final int WEB_PORT = 8080;

  /** A Pod and its place; {@code nodeAddress} is the node's on the node network. */
  record Member(String name, String address, String node, String nodeAddress) {}

  /** One world for each family of the client's addresses, the primary one first. */
  static List<DemoWorld> readAll(ApiClient api) {
    List<Boolean> families = new ArrayList<>();
    for (JsonNode ip : api.get(Resource.POD.objectPath(NAMESPACE, "client")).at("/status/podIPs")) {
      families.add(isIpv4(ip.path("ip").asText()));
    }
    return families.stream().map(ipv4 -> read(api, ipv4, families.size() == 1)).toList();
  }

  private static boolean isIpv4(String address) {
    return !address.contains(":");
  }

  private static DemoWorld read(ApiClient api, boolean ipv4, boolean alone) {
    PodPrograms programs = new PodPrograms(api, NAMESPACE);
    Member client = member(api, "client", ipv4);
    Member first = member(api, "web-1", ipv4);
    Member second = member(api, "web-2", ipv4);
    boolean firstIsNear = first.node().equals(client.node());
    Member near = firstIsNear ? first : second;
    Member far = firstIsNear ? second : first;
    if (!near.node().equals(client.node()) || far.node().equals(client.node())) {
      throw new CommandFailure(
          "the demonstration needs one web Pod on the client's node and one on another; client: "
              + client.node()
              + ", web-1: "
              + first.node()
              + ", web-2: "
              + second.node());
    }
    List<String> tools = new ArrayList<>();
    for (String tool : List.of("curl", "dig")) {
      if (programs.run(client.name(), List.of("sh", "-c", "command -v " + tool)).exitCode() == 0) {
        tools.add(tool);
      }
    }
    return new DemoWorld(
        programs,
        client,
        near,
        far,
        ipv4,
        alone,
        clusterIp(api, NAMESPACE, "web", ipv4),
        clusterIp(api, NAMESPACE, "nobody", ipv4),
        clusterIp(api, "kube-system", "kube-dns", ipv4),
        List.copyOf(tools));
  }

  private static String clusterIp(ApiClient api, String namespace, String name, boolean ipv4) {
    JsonNode service = api.get(Resource.SERVICE.objectPath(namespace, name));
    return ofFamily(service.at("/spec/clusterIPs"), "", ipv4);
  }

  /** The first address of a family in a list of texts or, with a field's name, of objects. */
  private static String ofFamily(JsonNode list, String field, boolean ipv4) {
    for (JsonNode each : list) {
      String address = (field.isEmpty() ? each : each.path(field)).asText();
      if (isIpv4(address) == ipv4) {
        return address;
      }
    }
    return "";
  }

  /** An address as it stands in a URL. */
  String inUrl(String address) {
    return ipv4 ? address : "[" + address + "]";
  }

  /** How a program names a Service: by its name where that leads to this family alone. */
  String target(String name, String address) {
    return alone ? name : inUrl(address);
  }

  /** curl, bound to this family. */
  List<String> curl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS"));
    if (!alone || !ipv4) {
      command.add(ipv4 ? "-4" : "-6");
    }
    command.addAll(List.of("--max-time", "5"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Member member(ApiClient api, String name, boolean ipv4) {
    JsonNode pod = api.get(Resource.POD.objectPath(NAMESPACE, name));
    String node = pod.at("/spec/nodeName").asText();
    String nodeAddress = "";
    for (JsonNode address :
        api.get(Resource.NODE.objectPath("", node)).path("status").path("addresses")) {
      // Tunnels go over the first one's family, whatever is in them.
      if (nodeAddress.isEmpty() && address.path("type").asText().equals("InternalIP")) {
        nodeAddress = address.path("address").asText();
      }
    }
    String address = ofFamily(pod.at("/status/podIPs"), "ip", ipv4);
    return new Member(name, address, node, nodeAddress);
  }

  /** Runs a command in the client and compares its output. */
  Check check(List<String> command, String expected, String wanted) {
    PodPrograms.Outcome outcome = programs.run(client.name(), command);
    return new Check(
        programs.typed(client.name(), command),
        expected,
        outcome.text(),
        outcome.exitCode() == 0 && outcome.stdout().equals(wanted));
  }

  /** Runs a command in the client and compares its lines in any order. */
  Check checkLines(List<String> command, List<String> wanted) {
    PodPrograms.Outcome outcome = programs.run(client.name(), command);
    TreeSet<String> seen = new TreeSet<>(outcome.stdout().lines().toList());
    return new Check(
        programs.typed(client.name(), command),
        String.join(", ", new TreeSet<>(wanted)),
        outcome.exitCode() == 0 ? String.join(", ", seen) : outcome.text(),
        outcome.exitCode() == 0 && seen.equals(new TreeSet<>(wanted)));
  }

  boolean has(String tool) {
    return tools.contains(tool);
  }
}
