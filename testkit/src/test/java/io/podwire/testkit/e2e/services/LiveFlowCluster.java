package io.podwire.testkit.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Pod;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.e2e.Leftovers;
import io.podwire.testkit.e2e.PodwireCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A running dual-stack cluster with the nodes, Pods and Services of the table, and a machine on its
 * node network.
 */
final class LiveFlowCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration OFTEN = Duration.ofMillis(50);
  private static final int LIMIT_SECONDS = 90;

  /** What agents know when they know all that was before it. */
  private static final String LAST_ADDRESS = "10.96.255.1";

  private static final String LAST_SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: last}
      spec: {clusterIP: %s, ports: [{port: 80}]}
      """
          .formatted(LAST_ADDRESS);

  /** To node-1: Services, external addresses, load balancers. */
  private static final List<String> ROUTED =
      List.of(
          "10.96.0.0/16",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "fd00:10:96::/112",
          "fd00:198::/112",
          "fd00:203::/112");

  private static final Pattern BALANCED =
      Pattern.compile("Services are balanced by (\\S+) from now on");

  private final ServiceFlows table;
  private final Path scratch;
  private final PodwireCommand podwire;
  private final Leftovers leftovers;
  private final Path folder;
  private final ApiClient api;
  private final NetworkNamespace machine;
  private Map<String, FlowHost> pods;

  private LiveFlowCluster(ServiceFlows table, Path scratch, PodwireCommand podwire)
      throws Exception {
    this.table = table;
    this.scratch = scratch;
    this.podwire = podwire;
    leftovers = new Leftovers(podwire.home());
    folder = podwire.home().resolve("clusters").resolve("podwire");
    podwire
        .run(
            "up",
            "--nodes",
            "2",
            "--ip-family",
            "dual",
            "--load-balancer-cidr",
            "203.0.113.0/24,fd00:203::/112",
            "-f",
            Files.writeString(scratch.resolve("pods.yaml"), manifests(false)).toString())
        .succeeded();
    api = new ApiClient(new ApiAddress.Unix(folder.resolve("api.sock")));
    machine = attachMachine();
    pods = pods();
  }

  /** Starts it; returns when both nodes know all of the table. */
  static LiveFlowCluster start(ServiceFlows table, Path scratch) throws Exception {
    for (String program : List.of("flow_server.py", "flow_client.py", "flow_holder.py")) {
      try (InputStream text =
          Objects.requireNonNull(LiveFlowCluster.class.getResourceAsStream(program))) {
        Files.copy(text, scratch.resolve(program));
      }
    }
    LiveFlowCluster cluster = new LiveFlowCluster(table, scratch, new PodwireCommand(scratch));
    cluster.fill();
    return cluster;
  }

  private void fill() throws Exception {
    api.delete(Resource.POD.listPath("default") + "/leaving");
    StringBuilder rest = new StringBuilder(manifests(true));
    FlowHost.NODES.values().forEach(node -> rest.append(FlowPods.node(node)).append("---\n"));
    apply(rest + table.manifests(pods, false));
    await().atMost(PATIENCE).pollInterval(OFTEN).untilAsserted(this::assertThatSlicesAreMade);
    apply(LAST_SERVICE);
    for (String node : List.of(FlowHost.NODE_1, FlowHost.NODE_2)) {
      await().atMost(PATIENCE).until(() -> podwire.run("rules", node).out().contains(LAST_ADDRESS));
    }
  }

  /** Of the Pods that become ready, or of the one that does not. */
  private String manifests(boolean waiting) {
    return FlowHost.PODS.values().stream()
        .filter(pod -> pod.name().equals("waiting") == waiting)
        .map(pod -> FlowPods.manifest(pod, table, command(pod)) + "---\n")
        .collect(Collectors.joining());
  }

  private String command(FlowHost pod) {
    return "[python3, %s, %s, \"%d,%d\"%s]"
        .formatted(
            scratch.resolve("flow_server.py"),
            pod.name(),
            FlowPods.PORT,
            FlowPods.OTHER_PORT,
            pod.name().equals("leaving") ? ", stay" : "");
  }

  private void apply(String manifests) {
    byte[] body = ManifestFiles.ofText("flows", manifests).body();
    JsonNode answer = api.post("/podwire/v1/apply", body, ManifestStream.MEDIA_TYPE);
    assertThat(answer.path("results")).as(answer.toString()).isNotEmpty();
  }

  /** The Pods of the table where the cluster has put them. */
  private Map<String, FlowHost> pods() {
    Map<String, FlowHost> found = new LinkedHashMap<>();
    for (Pod pod : FlowState.read(api.get(Resource.POD.listPath("default")), Pod.class)) {
      List<IpAddress> addresses = pod.podIps();
      if (addresses.size() == 2) {
        FlowHost planned = Objects.requireNonNull(FlowHost.PODS.get(pod.key().name()));
        found.put(
            planned.name(),
            new FlowHost(planned.name(), planned.node(), addresses.get(0), addresses.get(1)));
      }
    }
    return found;
  }

  /** The cluster has made of Pods what the code of its control plane makes of them. */
  private void assertThatSlicesAreMade() {
    pods = pods();
    assertThat(pods).hasSameSizeAs(FlowHost.PODS);
    JsonNode list = api.get(Resource.ENDPOINT_SLICE.listPath("default"));
    assertThat(FlowState.endpoints(FlowState.read(list, EndpointSlice.class)))
        .containsAll(FlowState.of(table, pods).endpoints());
  }

  /** A machine on the node network with two addresses, for which node-1 is the way to Services. */
  private NetworkNamespace attachMachine() throws IOException {
    NetworkNamespace made = NetworkNamespace.create();
    try (NetworkNamespace fabric = networkOf("fabric.holder");
        Netlink here = Netlink.open(fabric);
        Netlink there = Netlink.open(made)) {
      here.links().createVeth("outside", "eth0", made);
      here.links().setMaster("outside", "underlay");
      here.links().setUp("outside");
      there.links().setUp("lo");
      for (FlowHost each : FlowHost.MACHINES.values()) {
        there.addresses().add("eth0", each.ipv4(), 24);
        there.addresses().add("eth0", each.ipv6(), 64);
      }
      there.links().setUp("eth0");
      FlowHost node = ServiceFlows.host("node", FlowHost.PODS);
      for (String range : ROUTED) {
        Cidr to = Cidr.parse(range);
        there.routes().add(Route.via(to, node.address(to.isIpv4())));
      }
    }
    return made;
  }

  private NetworkNamespace networkOf(String runFile) throws IOException {
    String pid = Files.readString(folder.resolve("run").resolve(runFile)).strip();
    return NetworkNamespace.ofProcess(Long.parseLong(pid));
  }

  /** A Pod's, by what its agent remembers of it. */
  private NetworkNamespace networkOfPod(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      Path record =
          files
              .filter(file -> file.endsWith("sandbox.properties"))
              .filter(file -> file.toString().contains("/default_" + name + "_"))
              .findFirst()
              .orElseThrow();
      Properties properties = new Properties();
      try (InputStream text = Files.newInputStream(record)) {
        properties.load(text);
      }
      return NetworkNamespace.ofProcess(Long.parseLong(properties.getProperty("holder.pid")));
    }
  }

  /** Has both nodes balance in another way. */
  void balance(ProxyMode mode) {
    String name = mode.name().toLowerCase(Locale.ROOT);
    StringBuilder nodes = new StringBuilder();
    for (FlowHost node : FlowHost.NODES.values()) {
      nodes.append(FlowPods.node(node));
      nodes.append("  annotations: {podwire.io/proxy-mode: ").append(name).append("}\n---\n");
    }
    apply(nodes.toString());
    for (String node : List.of(FlowHost.NODE_1, FlowHost.NODE_2)) {
      await().atMost(PATIENCE).pollInterval(OFTEN).until(() -> mode(node).startsWith(name));
    }
  }

  /** How a node has last said that it balances. */
  private String mode(String node) throws IOException {
    try (Stream<String> log = Files.lines(folder.resolve("logs").resolve(node + ".log"))) {
      return log.map(BALANCED::matcher)
          .filter(Matcher::find)
          .map(line -> line.group(1))
          .reduce("iptables", (before, after) -> after);
    }
  }

  /** What has been seen, told as the line tells it; empty where it is right. */
  String difference(ProxyMode mode, Flow flow, Map<Integer, Set<String>> seen) {
    Set<String> answers = Objects.requireNonNull(seen.get(flow.line()), flow.text());
    return flow.difference(mode, answers, pods);
  }

  /** Asks flows of one source; by line what was seen. */
  Map<Integer, Set<String>> ask(String source, List<Flow> flows, int firstPort) throws Exception {
    Path file = Files.createTempFile(scratch, "flows", ".txt");
    Files.writeString(file, flows.stream().map(Flow::question).collect(Collectors.joining()));
    List<String> words =
        new ArrayList<>(List.of("flow_client.py", file.toString(), Integer.toString(firstPort)));
    FlowHost outside = FlowHost.MACHINES.get(source);
    if (outside != null) {
      words.add(outside.ipv4() + "," + outside.ipv6());
    }
    return Flow.answers(run(source, words));
  }

  /** Runs a script at a source of flows; what it has printed. */
  String run(String source, List<String> words) throws Exception {
    if (FlowHost.MACHINES.containsKey(source)) {
      return run(machine, words);
    }
    try (NetworkNamespace own =
        source.equals("node") ? networkOf("node-1.pid") : networkOfPod(source)) {
      return run(own, words);
    }
  }

  private String run(NetworkNamespace from, List<String> words) throws Exception {
    Path out = Files.createTempFile(scratch, "answers", ".txt");
    List<String> command = new ArrayList<>(words);
    command.set(0, scratch.resolve(words.getFirst()).toString());
    command.addFirst("python3");
    Process process =
        from.call(() ->
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start());
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as(Files.readString(out)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(out)).isZero();
    return Files.readString(out);
  }

  @Override
  public void close() throws Exception {
    machine.close();
    api.close();
    leftovers.observe();
    podwire.run("down").succeeded();
    assertThat(leftovers.remaining()).isEmpty();
  }
}
