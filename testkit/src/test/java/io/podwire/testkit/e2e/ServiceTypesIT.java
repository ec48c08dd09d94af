package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.Node;
import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the types of Services allocate, announce and release, asked from a machine on the node
 * network that is no node, from nodes and from Pods, over real sockets; the servers are on node-1
 * and node-2. Which endpoints connections come to is LiveServiceFlowsIT's.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServiceTypesIT {

  private static final String OUTSIDE = "172.30.0.200";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FAILOVER = Duration.ofSeconds(45);

  /** curl's exit code. */
  private static final String REFUSED = "exit 7";

  @TempDir static Path scratch;

  private static @Nullable Cluster started;
  private static @Nullable NetworkNamespace attached;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "python3", "sh");
    String manifest;
    try (var text = ServiceTypesIT.class.getResourceAsStream("services/types.yaml")) {
      manifest = new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
    }
    started = Cluster.start(Topology.nodes(3).manifest(manifest));
    attached = attachOutside();
  }

  private static Cluster cluster() {
    return Objects.requireNonNull(started);
  }

  private static NetworkNamespace outside() {
    return Objects.requireNonNull(attached);
  }

  /** Where the cluster says which of its processes is which. */
  private static Path runFolder() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    String name = cluster().name();
    try (Stream<Path> folders = Files.list(temporary)) {
      return folders
          .map(folder -> folder.resolve("clusters").resolve(name).resolve("run"))
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow();
    }
  }

  private static NetworkNamespace networkOf(String file) throws IOException {
    String pid = Files.readString(runFolder().resolve(file)).strip();
    return NetworkNamespace.ofProcess(Long.parseLong(pid));
  }

  /** A machine on the node network, which knows the way to what Services announce. */
  private static NetworkNamespace attachOutside() throws IOException {
    NetworkNamespace machine = NetworkNamespace.create();
    try (NetworkNamespace fabric = networkOf("fabric.holder");
        Netlink here = Netlink.open(fabric);
        Netlink there = Netlink.open(machine)) {
      here.links().createVeth("outside", "eth0", machine);
      here.links().setMaster("outside", "underlay");
      here.links().setUp("outside");
      there.links().setUp("lo");
      there.addresses().add("eth0", IpAddress.parse(OUTSIDE), 24);
      there.links().setUp("eth0");
      there.routes().add(Route.direct(Cidr.parse("100.64.0.0/24"), "eth0"));
    }
    return machine;
  }

  @AfterAll
  static void stop() {
    if (attached != null) {
      attached.close();
    }
    if (started != null) {
      started.close();
    }
  }

  private static JsonNode service(String name) {
    return cluster().api().get("/api/v1/namespaces/default/services/" + name);
  }

  // ---- asking

  /** The different answers to so many requests, without the clients' ports. */
  private static Set<String> ask(NetworkNamespace from, int times, String url) throws Exception {
    Path out = Files.createTempFile(scratch, "answers", ".txt");
    Process process =
        from.call(() ->
            new ProcessBuilder("sh", "-c", loop("curl -sS -m 1", times, url))
                .redirectErrorStream(false)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(out.toFile())
                .start());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return answers(Files.readString(out));
  }

  private static Set<String> askFromPod(String pod, int times, String url) throws Exception {
    return answers(cluster().pod(pod).exec("sh", "-c", loop("curl -sS -m 1", times, url)).out());
  }

  private static String loop(String command, int times, String url) {
    return "i=0; while [ $i -lt %d ]; do %s '%s' 2>/dev/null || echo \"exit $?\"; echo; i=$((i+1)); done"
        .formatted(times, command, url);
  }

  private static Set<String> answers(String text) {
    Set<String> answers = new HashSet<>();
    text.lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> answers.add(line.replaceAll(":\\d+$", "")));
    return answers;
  }

  private static NetworkNamespace node(int number) throws IOException {
    return networkOf("node-" + number + ".pid");
  }

  private static String gateway(int node) {
    String cidr = cluster().node("node-" + node).object().at("/spec/podCIDR").asText();
    return cidr.replace(".0/24", ".1");
  }

  // ---- node ports

  @Test
  @Order(1)
  void shouldServeANodePortAtEveryNodeFromOutside() throws Exception {
    for (int node = 1; node <= 3; node++) {
      String at = "http://172.30.0.1" + node + ":30080";
      assertThat(ask(outside(), 24, at + "/hostname")).containsExactlyInAnyOrder("web-1", "web-2");
      assertThat(ask(outside(), 2, at + "/clientip")).containsExactly(gateway(node));
    }
    assertThat(ask(outside(), 1, "http://172.30.0.11:30099/")).containsExactly(REFUSED);
  }

  @Test
  @Order(1)
  void shouldServeANodePortToTheNodeItselfAndToPods() throws Exception {
    try (NetworkNamespace own = node(1)) {
      assertThat(ask(own, 24, "http://172.30.0.11:30080/hostname"))
          .containsExactlyInAnyOrder("web-1", "web-2");
      assertThat(ask(own, 1, "http://172.30.0.12:30080/clientip")).containsExactly(gateway(2));
    }
    assertThat(askFromPod("client-3", 24, "http://172.30.0.11:30080/hostname"))
        .containsExactlyInAnyOrder("web-1", "web-2");
  }

  // ---- endpoints outside

  @Test
  @Order(2)
  void shouldReachAnEndpointOutsideThatIsWrittenByHand() throws Exception {
    Path log = Files.createTempFile(scratch, "server", ".log");
    Process server =
        outside()
            .call(() ->
                new ProcessBuilder("python3", "-m", "http.server", "9000", "--directory", "/etc")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start());
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> !askFromPod("client-3", 1, "http://database/hostname").contains(REFUSED));
      assertThat(Files.readString(log)).contains("172.30.0.13 - - ");
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  // ---- load balancers

  private static String balancerAddress(String name) {
    return service(name).at("/status/loadBalancer/ingress/0/ip").asText();
  }

  @Test
  @Order(3)
  void shouldAnnounceALoadBalancersAddressFromOneNode() throws Exception {
    String address = balancerAddress("balanced");
    assertThat(address).startsWith("100.64.0.");
    assertThat(ask(outside(), 24, "http://" + address + "/hostname"))
        .containsExactlyInAnyOrder("web-1", "web-2");
    assertThat(gateways()).containsAll(ask(outside(), 1, "http://" + address + "/clientip"));
    try (NetworkNamespace own = node(2)) {
      assertThat(ask(own, 1, "http://" + address + "/clientip")).containsExactly(gateway(2));
    }
    assertThat(askFromPod("client-3", 1, "http://" + address + "/clientip")).hasSize(1);
  }

  private static Set<String> gateways() {
    return Set.of(gateway(1), gateway(2), gateway(3));
  }

  @Test
  @Order(4)
  void shouldAnswerHealthChecksWhereEndpointsAre() throws Exception {
    assertThat(healthCheck(1)).contains("\"localEndpoints\": 1").endsWith("200");
    assertThat(healthCheck(3)).contains("\"localEndpoints\": 0").endsWith("503");
  }

  private static String healthCheck(int node) throws Exception {
    Path out = Files.createTempFile(scratch, "health", ".txt");
    String url = "http://172.30.0.1" + node + ":31555/healthz";
    Process curl =
        outside()
            .call(() ->
                new ProcessBuilder("curl", "-sS", "-m", "2", "-w", "%{http_code}", url)
                    .redirectOutput(out.toFile())
                    .start());
    assertThat(curl.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return Files.readString(out);
  }

  @Test
  @Order(9)
  void shouldMoveALoadBalancersAddressFromANodeThatDies() throws Exception {
    String at = "http://" + balancerAddress("local") + "/hostname";
    Set<String> before = ask(outside(), 1, at);
    assertThat(before).hasSize(1).isSubsetOf("web-1", "web-2");
    Set<String> other = before.contains("web-1") ? Set.of("web-2") : Set.of("web-1");
    Node node = cluster().node(before.contains("web-1") ? "node-1" : "node-2");
    try (Node.Pause _ = node.pause()) {
      await().atMost(FAILOVER).until(() -> ask(outside(), 1, at).equals(other));
    }
  }

  @Test
  @Order(7)
  void shouldReleaseANodePortAndALoadBalancersAddressWithTheType() throws Exception {
    String address = balancerAddress("balanced");
    cluster()
        .apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: balanced}
            spec: {type: ClusterIP, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            """);
    assertThat(service("balanced").at("/status/loadBalancer/ingress").isMissingNode()).isTrue();
    await()
        .atMost(PATIENCE)
        .until(() ->
            !Set.of("web-1", "web-2")
                .containsAll(ask(outside(), 1, "http://" + address + "/hostname")));
  }

  @Test
  @Order(8)
  void shouldChangeANodesWayOfBalancingWhileItRuns() throws Exception {
    String annotated =
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node-3, annotations: {podwire.io/proxy-mode: %s}}
        """;
    cluster().apply(annotated.formatted("ipvs/rr"));
    Path log = runFolder().resolveSibling("logs").resolve("node-3.log");
    await().atMost(PATIENCE).until(() -> Files.readString(log).contains("balanced by ipvs/rr"));
    assertThat(askFromPod("client-3", 4, "http://plain/hostname"))
        .containsExactlyInAnyOrder("web-1", "web-2");
    assertThatThrownBy(() -> cluster().apply(annotated.formatted("ipvs/first")))
        .hasMessageContaining("'first' is no scheduler of ipvs; write one of rr, wrr, lc");
  }
}
