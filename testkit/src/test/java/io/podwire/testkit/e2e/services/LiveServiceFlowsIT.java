package io.podwire.testkit.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Pod;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.e2e.Leftovers;
import io.podwire.testkit.e2e.PodwireCommand;
import io.podwire.testkit.e2e.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every line of flows.txt asked of a running dual-stack cluster of two nodes with real sockets, in every mode;
 * the mode is changed while the cluster runs.
 */
class LiveServiceFlowsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Of datagrams; so many a mode, since the flows of one are still known in the next. */
  private static final int FIRST_PORT = 12_000;

  private static final int PORTS = 4000;

  /** Connections that are held at once in each mode. */
  private static final int HELD = 20;

  /** What agents know when they know all that was before it. */
  private static final String LAST_ADDRESS = "10.96.255.1";

  /** To node-1: Services, external addresses, load balancers. */
  private static final List<String> ROUTED =
      List.of(
          "10.96.0.0/16",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "fd00:10:96::/112",
          "fd00:198::/112",
          "fd00:203::/112");

  private static final String LAST_SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: last}
      spec: {clusterIP: %s, ports: [{port: 80}]}
      """
          .formatted(LAST_ADDRESS);

  private static final ServiceFlows TABLE = ServiceFlows.read();

  private static final Pattern BALANCED =
      Pattern.compile("Services are balanced by (\\S+) from now on");

  @TempDir static Path scratch;

  private static @Nullable PodwireCommand started;
  private static @Nullable Leftovers leftovers;
  private static @Nullable NetworkNamespace attached;
  private static Map<String, FlowHost> pods = Map.of();

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("python3", "sh");
    PodwireCommand podwire = new PodwireCommand(scratch);
    started = podwire;
    leftovers = new Leftovers(podwire.home());
    Path server = resource("flow_server.py");
    resource("flow_client.py");
    resource("flow_holder.py");
    Map<Boolean, String> manifests =
        FlowHost.PODS.values().stream()
            .collect(
                Collectors.groupingBy(
                    pod -> pod.name().equals("waiting"),
                    Collectors.mapping(
                        pod -> FlowPods.manifest(pod, TABLE, command(pod, server)),
                        Collectors.joining("---\n"))));
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
            Files.writeString(scratch.resolve("pods.yaml"), manifests.get(false)).toString())
        .succeeded();
    pods = pods();
    podwire.run("delete", "pod", "leaving", "--no-wait").succeeded();
    StringBuilder rest = new StringBuilder(manifests.get(true)).append("---\n");
    FlowHost.NODES.values().forEach(node -> rest.append(FlowPods.node(node)).append("---\n"));
    podwire.apply(rest + TABLE.manifests(pods, false)).succeeded();
    attached = attachOutside();
    await().atMost(PATIENCE).untilAsserted(LiveServiceFlowsIT::slicesAreMade);
    podwire.apply(LAST_SERVICE).succeeded();
    for (String node : List.of(FlowHost.NODE_1, FlowHost.NODE_2)) {
      await()
          .atMost(PATIENCE)
          .until(() -> podwire.run("rules", node).out().contains(LAST_ADDRESS));
    }
  }

  private static String command(FlowHost pod, Path server) {
    return "[python3, %s, %s, \"%d,%d\"%s]"
        .formatted(
            server,
            pod.name(),
            FlowPods.PORT,
            FlowPods.OTHER_PORT,
            pod.name().equals("leaving") ? ", stay" : "");
  }

  /** The Pods of the table where the cluster has put them. */
  private static Map<String, FlowHost> pods() throws Exception {
    Map<String, FlowHost> found = new LinkedHashMap<>();
    String list = podwire().run("get", "pods", "-o", "json").succeeded().out();
    for (Pod pod : FlowState.read(list, Pod.class)) {
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
  private static void slicesAreMade() throws Exception {
    pods = pods();
    assertThat(pods).hasSameSizeAs(FlowHost.PODS);
    String list = podwire().run("get", "endpointslices", "-o", "json").succeeded().out();
    Set<String> made = FlowState.endpoints(FlowState.read(list, EndpointSlice.class));
    assertThat(made).containsAll(FlowState.of(TABLE, pods).endpoints());
  }

  @AfterAll
  static void stop() throws Exception {
    if (attached != null) {
      attached.close();
    }
    if (started != null && leftovers != null) {
      leftovers.observe();
      started.run("down").succeeded();
      assertThat(leftovers.remaining()).isEmpty();
    }
  }

  private static PodwireCommand podwire() {
    return Objects.requireNonNull(started);
  }

  private static Path resource(String name) throws IOException {
    Path copy = scratch.resolve(name);
    try (InputStream text =
        Objects.requireNonNull(LiveServiceFlowsIT.class.getResourceAsStream(name))) {
      Files.copy(text, copy);
    }
    return copy;
  }

  private static Path cluster() {
    return podwire().home().resolve("clusters").resolve("podwire");
  }

  private static NetworkNamespace networkOf(String runFile) throws IOException {
    Path run = cluster().resolve("run");
    return NetworkNamespace.ofProcess(
        Long.parseLong(Files.readString(run.resolve(runFile)).strip()));
  }

  /** A Pod's, by what its agent remembers of it. */
  private static NetworkNamespace networkOfPod(String name) throws IOException {
    try (Stream<Path> files = Files.walk(cluster())) {
      Path record =
          files
              .filter(file -> file.endsWith("sandbox.properties"))
              .filter(file ->
                  file.getParent().getFileName().toString().startsWith("default_" + name + "_"))
              .findFirst()
              .orElseThrow();
      Properties properties = new Properties();
      try (InputStream text = Files.newInputStream(record)) {
        properties.load(text);
      }
      return NetworkNamespace.ofProcess(Long.parseLong(properties.getProperty("holder.pid")));
    }
  }

  /** A machine on the node network with two addresses, for which node-1 is the way to Services. */
  private static NetworkNamespace attachOutside() throws IOException {
    NetworkNamespace machine = NetworkNamespace.create();
    try (NetworkNamespace fabric = networkOf("fabric.holder");
        Netlink here = Netlink.open(fabric);
        Netlink there = Netlink.open(machine)) {
      here.links().createVeth("outside", "eth0", machine);
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
    return machine;
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldDoWhatTheTableSays(ProxyMode mode) throws Exception {
    balance(mode);
    List<Flow> flows = TABLE.flows(mode, Flow.Runner.LIVE);
    Map<Integer, Set<String>> seen = new HashMap<>();
    // Each on a thread of its own: most of the time goes by waiting for what is dropped.
    try (ExecutorService sources = Executors.newCachedThreadPool()) {
      List<Future<Map<Integer, Set<String>>>> asked = new ArrayList<>();
      for (String source : flows.stream().map(Flow::source).distinct().toList()) {
        List<Flow> own = flows.stream().filter(flow -> flow.source().equals(source)).toList();
        asked.add(sources.submit(() -> ask(mode, source, own)));
      }
      for (Future<Map<Integer, Set<String>>> each : asked) {
        seen.putAll(each.get());
      }
    }
    List<String> differences = new ArrayList<>();
    for (Flow flow : flows) {
      Set<String> answers = Objects.requireNonNull(seen.get(flow.line()), flow.text());
      String difference = flow.difference(mode, answers, pods);
      if (!difference.isEmpty()) {
        differences.add(difference);
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
    assertThat(flows).hasSizeGreaterThanOrEqualTo(200);
  }

  /** From every mode to every other one, while connections that began in each of them talk. */
  @Test
  void shouldKeepConnectionsThroughChangesOfTheMode() throws Exception {
    Path end = scratch.resolve("end");
    List<Flow> held =
        TABLE.flows().stream()
            .filter(flow -> flow.source().equals("pod") && flow.protocol() == IpProtocol.TCP)
            .filter(flow -> flow.outcome().equals("reached") && flow.modes().isEmpty())
            .filter(Flow::isIpv4)
            .limit(HELD)
            .toList();
    List<Future<String>> holders = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      try {
        for (ProxyMode mode : ProxyMode.values()) {
          balance(mode);
          List<String> command =
              new ArrayList<>(
                  List.of("python3", scratch.resolve("flow_holder.py").toString(), end.toString()));
          held.forEach(flow -> command.add(flow.address() + ":" + flow.port()));
          holders.add(
              threads.submit(
                  () -> podwire().exec("pod", command.toArray(String[]::new)).succeeded().out()));
        }
        for (ProxyMode mode : ProxyMode.values()) {
          balance(mode);
        }
      } finally {
        Files.createFile(end);
      }
      for (Future<String> each : holders) {
        List<String> lines = each.get().lines().toList();
        assertThat(lines).hasSameSizeAs(held).hasSizeGreaterThanOrEqualTo(10);
        assertThat(lines).allMatch(line -> line.matches("\\S+ [1-9]\\d* none"));
      }
    }
  }

  private static void balance(ProxyMode mode) throws Exception {
    String name = mode.name().toLowerCase(Locale.ROOT);
    StringBuilder nodes = new StringBuilder();
    for (String node : List.of(FlowHost.NODE_1, FlowHost.NODE_2)) {
      nodes.append(
          """
          apiVersion: v1
          kind: Node
          metadata: {name: %s, annotations: {podwire.io/proxy-mode: %s}}
          ---
          """
              .formatted(node, name));
    }
    podwire().apply(nodes.toString()).succeeded();
    for (String node : List.of(FlowHost.NODE_1, FlowHost.NODE_2)) {
      await().atMost(PATIENCE).until(() -> mode(node).startsWith(name));
    }
  }

  /** How a node has last said that it balances. */
  private static String mode(String node) throws IOException {
    try (Stream<String> log = Files.lines(cluster().resolve("logs").resolve(node + ".log"))) {
      return log.map(BALANCED::matcher)
          .filter(Matcher::find)
          .map(line -> line.group(1))
          .reduce("iptables", (before, after) -> after);
    }
  }

  /** By line what was seen. */
  private static Map<Integer, Set<String>> ask(ProxyMode mode, String source, List<Flow> flows)
      throws Exception {
    Path file = scratch.resolve("flows-of-" + source);
    Files.writeString(file, flows.stream().map(Flow::question).collect(Collectors.joining()));
    List<String> command =
        new ArrayList<>(
            List.of(
                "python3",
                scratch.resolve("flow_client.py").toString(),
                file.toString(),
                Integer.toString(FIRST_PORT + mode.ordinal() * PORTS)));
    FlowHost machine = FlowHost.MACHINES.get(source);
    if (machine != null) {
      command.add(machine.ipv4() + "," + machine.ipv6());
      return Flow.answers(run(Objects.requireNonNull(attached), command));
    }
    try (NetworkNamespace own =
        source.equals("node") ? networkOf("node-1.pid") : networkOfPod(source)) {
      return Flow.answers(run(own, command));
    }
  }

  private static String run(NetworkNamespace from, List<String> command) throws Exception {
    Path out = Files.createTempFile(scratch, "answers", ".txt");
    Process process =
        from.call(() ->
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start());
    boolean ended = process.waitFor(90, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as(Files.readString(out)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(out)).isZero();
    return Files.readString(out);
  }
}
