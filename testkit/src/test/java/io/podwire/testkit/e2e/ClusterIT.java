package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One three-node cluster, its real programs, and the death of its parts. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: client, labels: {app: client}}
      spec:
        nodeName: node-1
        containers:
        - {name: client, image: podwire/agnhost, args: [pause]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        nodeName: node-2
        containers:
        - name: web
          image: debian
          command: [python3, -m, http.server, "8000", --directory, /etc]
          ports: [{name: http, containerPort: 8000}]
          readinessProbe: {httpGet: {path: /hostname, port: http}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: bystander, labels: {app: bystander}}
      spec:
        nodeName: node-3
        containers:
        - {name: main, image: podwire/agnhost, args: [netexec]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 80, targetPort: http}]
      """;

  @TempDir static Path scratch;

  private static @Nullable CommandCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "dig", "tcpdump", "python3");
    cluster = CommandCluster.of(3, MANIFEST, scratch);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      int namespaces = cluster.observeNamespaces();
      List<String> leaks = podwire().leaks("client");
      cluster.close();
      // The control plane's, three nodes', and four Pods'.
      assertThat(namespaces).isGreaterThanOrEqualTo(8);
      assertThat(leaks).isEmpty();
    }
  }

  private static PodwireCommand podwire() {
    return Objects.requireNonNull(cluster).podwire();
  }

  @Test
  @Order(1)
  void shouldShowAllNodesReady() throws Exception {
    assertThat(podwire().run("get", "nodes").succeeded().out().lines().skip(1))
        .hasSize(3)
        .allMatch(line -> line.matches("node-\\d\\s+Ready.*"));
  }

  @Test
  @Order(1)
  void shouldSayWhatIsRunningAtASecondUp() throws Exception {
    PodwireCommand.Result second = podwire().run("up");
    assertThat(second.exitCode()).isNotZero();
    assertThat(second.err()).contains("podwire").contains("down");
  }

  @Test
  @Order(2)
  void shouldCurlAServiceByName() throws Exception {
    assertThat(podwire().exec("client", "curl", "-sS", "-m", "10", "http://web/hostname").out())
        .isEqualTo("web\n");
  }

  @Test
  @Order(2)
  void shouldAnswerDig() throws Exception {
    assertThat(podwire().exec("client", "dig", "+short", "web.default.svc.cluster.local").out())
        .matches("10\\.96\\.\\d+\\.\\d+\n");
    assertThat(
            podwire()
                .exec("client", "dig", "+short", "+tcp", "kubernetes.default.svc.cluster.local")
                .out())
        .isEqualTo("10.96.0.1\n");
    assertThat(podwire().exec("client", "dig", "nosuch.default.svc.cluster.local").out())
        .contains("NXDOMAIN");
    assertThat(podwire().exec("client", "dig", "web.default.svc.cluster.local", "AAAA").out())
        .contains("NOERROR")
        .contains("SOA");
  }

  @Test
  @Order(2)
  void shouldPassOnExitCodesAndInput() throws Exception {
    assertThat(podwire().exec("client", "sh", "-c", "exit 42").exitCode()).isEqualTo(42);
    assertThat(podwire().exec("client", "no-such-program").exitCode()).isNotZero();
  }

  @Test
  @Order(2)
  void shouldCaptureTheServicesTrafficInThePod() throws Exception {
    PodwireCommand.Result capture =
        podwire()
            .exec(
                "client",
                "sh",
                "-c",
                "tcpdump -n -i eth0 -c 4 tcp port 80 2>/dev/null & p=$!; for i in 1 2 3 4 5 6 7 8 9"
                    + " 10; do curl -s -m 5 -o /dev/null http://web/hostname; kill -0 $p"
                    + " 2>/dev/null || break; done; wait $p");
    // The client's side of the translation: the ClusterIP is what it talks to.
    assertThat(capture.succeeded().out())
        .containsPattern("> 10\\.96\\.\\d+\\.\\d+\\.80: Flags \\[S\\]");
  }

  @Test
  @Order(3)
  void shouldDisturbNothingElseWhenAnAgentIsKilled() throws Exception {
    Map<String, String> addresses = addresses();
    String podCidr = jsonPath("node", "node-3").at("/spec/podCIDR").asText();
    Path loop = curlLoop(200);

    Processes.kill(podwire(), "io.podwire.agent.boot.NodeAgent", "node-3");

    assertNoneFailed(loop);
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(podwire().exec("bystander", "true").exitCode()).isZero());
    assertThat(jsonPath("node", "node-3").at("/spec/podCIDR").asText()).isEqualTo(podCidr);
    assertThat(addresses()).isEqualTo(addresses);
    String bystander = "http://" + addresses.get("default/bystander") + ":8080/clientip";
    assertThat(podwire().exec("client", "curl", "-sS", "-m", "10", bystander).succeeded().out())
        .startsWith(addresses.get("default/client"));
  }

  @Test
  @Order(4)
  void shouldGoOnWithoutTheControlPlaneAndFindTheSameStateAfterwards() throws Exception {
    Map<String, String> addresses = addresses();
    Path loop = curlLoop(200);

    Processes.kill(podwire(), "io.podwire.controlplane.boot.ControlPlane", "");

    assertNoneFailed(loop);
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(addresses()).isEqualTo(addresses));
    podwire()
        .apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: late}
            spec:
              selector: {app: web}
              ports: [{port: 80, targetPort: http}]
            """)
        .succeeded();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            podwire()
                .exec("client", "curl", "-sS", "-m", "5", "-o", "/dev/null", "http://late/")
                .succeeded());
  }

  /**
   * Begins a loop of real curls by Service name in the client Pod, which needs no connection to us:
   * the file that it writes at its end holds the number of failures.
   */
  private static Path curlLoop(int times) throws IOException, InterruptedException {
    Path begun = scratch.resolve("begun-" + System.nanoTime());
    Path failures = scratch.resolve("failures-" + System.nanoTime());
    String loop =
        "f=0; i=0; while [ $i -lt %d ]; do curl -sS -m 5 -o /dev/null"
            + " http://web/hostname 2>>%s.errors || f=$((f+1)); i=$((i+1)); [ $i -ne 5 ] || : >%s;"
            + " done; echo $f >%s.part; mv %s.part %s";
    String script = loop.formatted(times, failures, begun, failures, failures, failures);
    podwire()
        .exec("client", "sh", "-c", "(" + script + ") </dev/null >/dev/null 2>&1 &")
        .succeeded();
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(begun));
    return failures;
  }

  private static void assertNoneFailed(Path loop) throws IOException {
    await().atMost(Duration.ofSeconds(120)).until(() -> Files.exists(loop));
    assertThat(Files.readString(Path.of(loop + ".errors"))).isEmpty();
    assertThat(Files.readString(loop).strip()).isEqualTo("0");
  }

  private static Map<String, String> addresses() throws IOException, InterruptedException {
    Map<String, String> addresses = new TreeMap<>();
    JsonNode pods =
        JSON.readTree(podwire().run("get", "pods", "-A", "-o", "json").succeeded().out());
    for (JsonNode pod : pods.at("/items")) {
      addresses.put(
          pod.at("/metadata/namespace").asText() + "/" + pod.at("/metadata/name").asText(),
          pod.at("/status/podIP").asText());
    }
    assertThat(addresses).isNotEmpty();
    return addresses;
  }

  private static JsonNode jsonPath(String kind, String name)
      throws IOException, InterruptedException {
    return JSON.readTree(podwire().run("get", kind, name, "-o", "json").succeeded().out());
  }
}
