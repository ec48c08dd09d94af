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
 * @param serviceAddress the ClusterIP of {@code web}
 * @param tools which of curl and dig the client's file system has
 */
record DemoWorld(
    PodPrograms programs,
    Member client,
    Member near,
    Member far,
    String serviceAddress,
    List<String> tools) {
  static final String NAMESPACE = "hello";
  static final String SUFFIX = ".hello.svc.cluster.local";
  static final int WEB_PORT = 8080;

  /** A Pod and its place; {@code nodeAddress} is the node's on the node network. */
  record Member(String name, String address, String node, String nodeAddress) {}

  static DemoWorld read(ApiClient api) {
    PodPrograms programs = new PodPrograms(api, NAMESPACE);
    Member client = member(api, "client");
    Member first = member(api, "web-1");
    Member second = member(api, "web-2");
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
    String service =
        api.get(Resource.SERVICE.objectPath(NAMESPACE, "web")).at("/spec/clusterIP").asText();
    List<String> tools = new ArrayList<>();
    for (String tool : List.of("curl", "dig")) {
      if (programs.run(client.name(), List.of("sh", "-c", "command -v " + tool)).exitCode() == 0) {
        tools.add(tool);
      }
    }
    return new DemoWorld(programs, client, near, far, service, List.copyOf(tools));
  }

  private static Member member(ApiClient api, String name) {
    JsonNode pod = api.get(Resource.POD.objectPath(NAMESPACE, name));
    String node = pod.at("/spec/nodeName").asText();
    String nodeAddress = "";
    for (JsonNode address :
        api.get(Resource.NODE.objectPath("", node)).path("status").path("addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        nodeAddress = address.path("address").asText();
      }
    }
    return new Member(name, pod.at("/status/podIP").asText(), node, nodeAddress);
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
