package io.podwire.testkit.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every line of flows.txt asked of node-1 of a running cluster with real sockets, in every mode;
 * the mode is changed while the cluster runs.
 */
class LiveServiceFlowsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> PODS = List.of("pod", "local-a", "local-b", "remote-a");

  /** Of datagrams; so many a mode, since the flows of one are still known in the next. */
  private static final int FIRST_PORT = 12_000;

  private static final int PORTS = 3000;

  private static final ServiceFlows TABLE = ServiceFlows.read();

  @TempDir static Path scratch;

  private static @Nullable PodwireCommand started;
  private static @Nullable Leftovers leftovers;
  private static @Nullable NetworkNamespace attached;
  private static final Map<String, String> ADDRESSES = new HashMap<>();

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
    StringBuilder pods = new StringBuilder();
    for (String name : PODS) {
      pods.append(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: %s}
          spec:
            nodeName: %s
            containers:
            - name: main
              image: any
              command: [python3, %s, %s, "%d"]
              readinessProbe: {tcpSocket: {port: %d}, periodSeconds: 1}
          ---
          """
              .formatted(
                  name,
                  name.startsWith("remote") ? "node-2" : "node-1",
                  server,
                  name,
                  ServiceFlows.TARGET_PORT,
                  ServiceFlows.TARGET_PORT));
    }
    podwire
        .run(
            "up",
            "--nodes",
            "2",
            "--load-balancer-cidr",
            "203.0.113.0/24",
            "-f",
            Files.writeString(scratch.resolve("pods.yaml"), pods).toString())
        .succeeded();
    for (String name : PODS) {
      ADDRESSES.put(name, podwire.exec(name, "hostname", "-I").succeeded().out().strip());
    }
    for (String name : List.of("node", "outside", "stranger")) {
      ADDRESSES.put(name, Objects.requireNonNull(ServiceFlows.ADDRESSES.get(name)));
    }
    Path services = scratch.resolve("services.yaml");
    Files.writeString(services, TABLE.manifests(ADDRESSES));
    podwire.run("apply", "-f", services.toString()).succeeded();
    await()
        .atMost(PATIENCE)
        .until(() -> podwire.run("rules", "node-1").out().contains(TABLE.lastAddress()));
    attached = attachOutside();
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

  private static NetworkNamespace networkOf(String runFile) throws IOException {
    Path run = podwire().home().resolve("clusters").resolve("podwire").resolve("run");
    return NetworkNamespace.ofProcess(
        Long.parseLong(Files.readString(run.resolve(runFile)).strip()));
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
      for (String name : List.of("outside", "stranger")) {
        IpAddress address = IpAddress.parse(Objects.requireNonNull(ADDRESSES.get(name)));
        there.addresses().add("eth0", address, 24);
      }
      there.links().setUp("eth0");
      for (String range : List.of("203.0.113.0/24", "10.96.0.0/16")) {
        there.routes().add(Route.via(Cidr.parse(range), ServiceFlows.NODE));
      }
    }
    return machine;
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldDoWhatTheTableSays(ProxyMode mode) throws Exception {
    balance(mode);
    List<ServiceFlows.Flow> flows =
        TABLE.flows().stream().filter(flow -> flow.isFor(mode)).toList();
    Map<Integer, Set<String>> seen = new HashMap<>();
    // Each on a thread of its own: most of the time goes by waiting for what is dropped.
    try (ExecutorService sources = Executors.newCachedThreadPool()) {
      List<Future<Map<Integer, Set<String>>>> asked = new ArrayList<>();
      for (String source : flows.stream().map(ServiceFlows.Flow::source).distinct().toList()) {
        List<ServiceFlows.Flow> own =
            flows.stream().filter(flow -> flow.source().equals(source)).toList();
        asked.add(sources.submit(() -> ask(mode, source, own)));
      }
      for (Future<Map<Integer, Set<String>>> each : asked) {
        seen.putAll(each.get());
      }
    }
    List<String> differences = new ArrayList<>();
    for (ServiceFlows.Flow flow : flows) {
      Set<String> outcomes = new TreeSet<>();
      Set<String> sources = new TreeSet<>();
      for (String outcome : Objects.requireNonNull(seen.get(flow.line()), flow.text())) {
        String[] words = outcome.split(" ");
        outcomes.add(words[0]);
        if (words.length > 1) {
          sources.add(who(flow.source(), words[1]));
        }
      }
      String difference = flow.difference(mode, outcomes, sources);
      if (!difference.isEmpty()) {
        differences.add(difference);
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
    assertThat(flows).hasSizeGreaterThanOrEqualTo(90);
  }

  /** From every mode to every other one, while connections that began in each of them talk. */
  @Test
  void shouldKeepConnectionsThroughChangesOfTheMode() throws Exception {
    Path end = scratch.resolve("end");
    List<ServiceFlows.Flow> held =
        TABLE.flows().stream()
            .filter(flow -> flow.source().equals("pod") && flow.protocol() == IpProtocol.TCP)
            .filter(flow -> flow.outcome().equals("reached") && flow.modes().isEmpty())
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
    Path node = scratch.resolve("node.yaml");
    Files.writeString(
        node,
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node-1, annotations: {podwire.io/proxy-mode: %s}}
        """
            .formatted(name));
    podwire().run("apply", "-f", node.toString()).succeeded();
    await()
        .atMost(PATIENCE)
        .until(() ->
            podwire()
                .run("rules", "node-1")
                .out()
                .lines()
                .limit(4)
                .anyMatch(l -> l.contains(name)));
  }

  /** The node shows itself by its gateway's address or, to those on its own network, by its own. */
  private static String who(String source, String address) {
    String pod = Objects.requireNonNull(ADDRESSES.get("local-a"));
    String gateway = pod.substring(0, pod.lastIndexOf('.')) + ".1";
    if (address.equals(gateway) || address.equals(ServiceFlows.NODE.toString())) {
      return "node";
    }
    return address.equals(ADDRESSES.get(source)) ? "client" : address;
  }

  /** By line what was seen: "endpoint address", reject or drop. */
  private static Map<Integer, Set<String>> ask(
      ProxyMode mode, String source, List<ServiceFlows.Flow> flows) throws Exception {
    Path file = scratch.resolve("flows-of-" + source);
    Files.writeString(
        file,
        flows.stream()
            .map(flow ->
                "%d %s %s %d\n"
                    .formatted(
                        flow.line(),
                        flow.protocol() == 6 ? "tcp" : "udp",
                        flow.address(),
                        flow.port()))
            .collect(Collectors.joining()));
    String client = scratch.resolve("flow_client.py").toString();
    String port = Integer.toString(FIRST_PORT + mode.ordinal() * PORTS);
    String out =
        switch (source) {
          case "node" -> {
            try (NetworkNamespace node = networkOf("node-1.pid")) {
              yield run(node, "python3", client, file.toString(), port);
            }
          }
          case "outside", "stranger" ->
              run(
                  Objects.requireNonNull(attached),
                  "python3",
                  client,
                  file.toString(),
                  port,
                  Objects.requireNonNull(ADDRESSES.get(source)));
          default ->
              podwire().exec(source, "python3", client, file.toString(), port).succeeded().out();
        };
    Map<Integer, Set<String>> seen = new HashMap<>();
    for (String line : out.lines().toList()) {
      String[] parts = line.split(";");
      seen.put(
          Integer.parseInt(parts[0]), new TreeSet<>(Arrays.asList(parts).subList(1, parts.length)));
    }
    return seen;
  }

  private static String run(NetworkNamespace from, String... command) throws Exception {
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
