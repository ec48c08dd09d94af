package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podwire.testkit.e2e.PodwireCommand.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault through its public manifest, on two nodes with real programs: what the programs see,
 * and what the receipt says.
 */
class FaultIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern ANSWERED = Pattern.compile("(\\d+) received");
  private static final int PINGS = 300;
  private static final int LIMIT_SECONDS = 8;

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
          image: podwire/agnhost
          args: [netexec]
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: bystander, labels: {app: bystander}}
      spec:
        nodeName: node-1
        containers:
        - {name: main, image: podwire/agnhost, args: [pause]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 80, targetPort: http}]
      """;

  @TempDir static Path scratch;

  private static Optional<PodwireCommand> cluster = Optional.empty();
  private static Leftovers leftovers;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "dig", "ping");
    PodwireCommand podwire = new PodwireCommand(scratch);
    leftovers = new Leftovers(podwire.home());
    cluster = Optional.of(podwire);
    Path manifest = Files.writeString(scratch.resolve("cluster.yaml"), MANIFEST);
    podwire.run("up", "--nodes", "2", "-f", manifest.toString()).succeeded();
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster.isPresent()) {
      leftovers.observe();
      podwire().run("down").succeeded();
      assertThat(leftovers.remaining()).isEmpty();
    }
  }

  @AfterEach
  void heal() throws Exception {
    podwire().run("heal").succeeded();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(answered("client", 3)).isEqualTo(3));
  }

  private static PodwireCommand podwire() {
    return cluster.orElseThrow();
  }

  /** The knob, the fields of the spec, what its receipt counts, and how many answers ping gets. */
  static Stream<Arguments> packetFaults() {
    return Stream.of(
        arguments("delay", "delay: {latency: 20ms}", "delayed", PINGS, PINGS),
        arguments(
            "jitter",
            "delay: {latency: 20ms, jitter: 5ms, correlation: 25%, distribution: normal}",
            "delayed",
            PINGS,
            PINGS),
        arguments("uniform", "delay: {latency: 9ms, jitter: 5ms}", "delayed", PINGS, PINGS),
        arguments(
            "pareto",
            "delay: {latency: 9ms, jitter: 2ms, distribution: pareto}",
            "delayed",
            PINGS,
            PINGS),
        arguments(
            "paretonormal",
            "delay: {latency: 9ms, jitter: 2ms, distribution: paretonormal}",
            "delayed",
            PINGS,
            PINGS),
        arguments("loss", "loss: {percent: 30%}", "lost", PINGS / 2, PINGS * 9 / 10),
        arguments(
            "correlated-loss",
            "loss: {percent: 30%, correlation: 25%}",
            "lost",
            PINGS / 3,
            PINGS * 19 / 20),
        arguments(
            "gemodel",
            "loss: {gemodel: {p: 10%, r: 30%, lossInBad: 90%, lossInGood: 1%}}",
            "lost",
            PINGS / 3,
            PINGS - 1),
        arguments("state", "loss: {state: {p13: 10%, p31: 30%}}", "lost", PINGS / 3, PINGS - 1),
        arguments(
            "nth", "loss: {nth: {every: 10, packet: 3}}", "lost", PINGS * 9 / 10, PINGS * 9 / 10),
        arguments("corrupt", "corrupt: {percent: 30%}", "corrupted", PINGS / 2, PINGS * 9 / 10),
        arguments("duplicate", "duplicate: {percent: 30%}", "duplicated", PINGS, PINGS),
        arguments(
            "reorder",
            "{delay: {latency: 20ms}, reorder: {percent: 30%, correlation: 50%, gap: 1}}",
            "reordered",
            PINGS,
            PINGS),
        arguments(
            "rate",
            "rate: {rate: 1mbit, packetOverhead: 20, cellSize: 48, cellOverhead: 5}",
            "delayed",
            PINGS,
            PINGS),
        arguments(
            "limit", "{delay: {latency: 200ms}, limit: 10}", "limited", PINGS / 20, PINGS / 2),
        arguments("slot", "slot: {min: 10ms, max: 20ms}", "delayed", PINGS, PINGS),
        arguments("mtu", "mtu: 68", "tooLarge", 0, 0),
        arguments("partition", "partition: {}", "blocked", 0, 0),
        arguments("flap", "flap: {up: 300ms, down: 300ms}", "blocked", PINGS / 5, PINGS * 4 / 5),
        arguments("interface", "interfaceDown: {}", "interfaceDown", 0, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("packetFaults")
  void shouldActOnPacketsAndSaySo(String name, String effects, String affected, int least, int most)
      throws Exception {
    fault(name, effects);

    int answered = answered("client", PINGS);

    assertThat(answered).as("answers").isBetween(least, most);
    assertThat(answered("bystander", 3)).as("answers to somebody else").isEqualTo(3);
    JsonNode receipt = receipt(name, affected);
    assertThat(receipt.path("affected").path(affected).asLong())
        .as("receipt %s", receipt)
        .isPositive();
    assertThat(receipt.path("verdict").asText())
        .as("receipt %s", receipt)
        .isIn("confirmed", "inconclusive");
  }

  @Test
  void shouldCountEveryLossThatThePeersMiss() throws Exception {
    fault("counted", "loss: {percent: 20%}");

    int missing = PINGS - answered("client", PINGS);

    JsonNode receipt = receipt("counted", "lost");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(receipt("counted", "lost").path("affected").path("lost").asInt())
                .isEqualTo(missing));
    assertThat(receipt.path("matched").asInt()).isEqualTo(PINGS);
  }

  @Test
  void shouldTakeTheSameDecisionsForTheSameSeed() throws Exception {
    String hash = decisionHash("first", 7);

    assertThat(decisionHash("second", 7)).isEqualTo(hash);
    assertThat(decisionHash("third", 8)).isNotEqualTo(hash);
  }

  private String decisionHash(String name, int seed) throws Exception {
    fault(name, "{seed: " + seed + ", protocol: icmp, loss: {percent: 20%}}");
    answered("client", PINGS);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(receipt(name, "lost").path("matched").asInt()).isEqualTo(PINGS));
    String hash = receipt(name, "lost").path("decisionHash").asText();
    podwire().run("fault", "rm", name).succeeded();
    return hash;
  }

  @Test
  void shouldEndAtItsDeadlineThoughEverybodyElseHasDied() throws Exception {
    fault("short", "{partition: {}, duration: 4s}");
    assertThat(answered("client", 3)).isZero();

    Processes.kill(podwire(), "io.podwire.controlplane.boot.ControlPlane", "");

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(answered("client", 3)).isEqualTo(3));
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> podwire().run("fault", "ls").succeeded());
  }

  @Test
  void shouldAcceptChaosMeshsManifests() throws Exception {
    podwire()
        .apply(
            """
            apiVersion: chaos-mesh.org/v1alpha1
            kind: NetworkChaos
            metadata: {name: cut}
            spec:
              action: partition
              mode: all
              selector: {namespaces: [default], labelSelectors: {app: client}}
              direction: both
              target:
                mode: all
                selector: {namespaces: [default], labelSelectors: {app: web}}
              duration: "30s"
            """)
        .succeeded();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(answered("client", 3)).isZero());
    assertThat(podwire().run("get", "networkchaos", "-o", "wide").succeeded().out())
        .contains("cut")
        .contains("Running");
  }

  @Test
  void shouldResetConnections() throws Exception {
    fault("reset", "stream: [{type: reset_peer, stream: downstream, attributes: {timeout: 0}}]");

    Result curl = podwire().exec("client", "curl", "-sS", "-m", "5", "http://web/hostname");

    assertThat(curl.exitCode()).as(curl.all()).isIn(52, 56);
    assertThat(receipt("reset", "reset").path("affected").path("reset").asInt()).isPositive();
  }

  @Test
  void shouldSlowStreamsDown() throws Exception {
    fault(
        "slow",
        "stream: [{type: latency, stream: upstream, attributes: {latency: 300, jitter: 0}}]");

    Result curl =
        podwire()
            .exec(
                "client",
                "curl",
                "-sS",
                "-m",
                "10",
                "-o",
                "/dev/null",
                "-w",
                "%{time_total}",
                "http://web/hostname");

    assertThat(Double.parseDouble(curl.succeeded().out())).isGreaterThanOrEqualTo(0.3);
  }

  @Test
  void shouldAnswerNamesWrongly() throws Exception {
    fault("names", "dns: {action: nxdomain, patterns: ['web.default.*']}");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(dig("client", "web.default.svc.cluster.local")).contains("NXDOMAIN"));
    assertThat(dig("client", "kubernetes.default.svc.cluster.local")).contains("NOERROR");
    assertThat(dig("bystander", "web.default.svc.cluster.local")).contains("NOERROR");
    assertThat(receipt("names", "nxdomain").path("affected").path("nxdomain").asInt()).isPositive();
  }

  @Test
  void shouldKeepAPodFromRunning() throws Exception {
    fault("failure", "{pod: {action: pod-failure}, selector: {labelSelectors: {app: web}}}");
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(isReady("web")).isFalse());

    podwire().run("heal").succeeded();

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(isReady("web")).isTrue());
  }

  @Test
  void shouldKillAnAgentOnce() throws Exception {
    fault("killed", "{node: {action: agent-kill}, selector: {nodes: [node-2]}}");

    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(receipt("killed", "agent_kill").path("affected").path("agent_kill").asInt())
                .isEqualTo(1));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(answered("client", 3)).isEqualTo(3));
  }

  @Test
  void shouldLoseTheZooKeeperSessionAndGoOn() throws Exception {
    apply("expired", "node: {action: zookeeper-session-expired}").succeeded();

    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(object("expired").at("/status/phase").asText()).isEqualTo("Ended"));
    // The next term's leader leads faults again.
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> fault("after", "{partition: {}, duration: 2s}"));
  }

  @Test
  void shouldRefuseWhatMatchesNothing() throws Exception {
    Result refused = apply("nobody", "selector: {labelSelectors: {app: nobody}}, partition: {}");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("spec.selector");
    assertThat(podwire().run("fault", "ls").succeeded().out()).doesNotContain("nobody");
  }

  private static void fault(String name, String effects) throws Exception {
    String fields = effects.startsWith("{") ? effects.substring(1, effects.length() - 1) : effects;
    if (!fields.contains("selector:")) {
      fields += ", selector: {labelSelectors: {app: client}}";
    }
    if (!fields.contains("duration:")) {
      fields += ", duration: 60s";
    }
    apply(name, fields).succeeded();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(object(name).at("/status/phase").asText()).isIn("Running", "Ended"));
  }

  private static Result apply(String name, String fields) throws Exception {
    return podwire()
        .apply(
            """
            apiVersion: podwire.io/v1alpha1
            kind: NetworkFault
            metadata: {name: %s}
            spec: {%s}
            """
                .formatted(name, fields));
  }

  private static JsonNode object(String name) throws Exception {
    return JSON.readTree(
        podwire().run("get", "networkfault", name, "-o", "json").succeeded().out());
  }

  /** The fault's status, once it counts what it should. */
  private static JsonNode receipt(String name, String affected) throws Exception {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(object(name).at("/status/affected").has(affected))
                .as("status %s", object(name).at("/status"))
                .isTrue());
    return object(name).at("/status");
  }

  /** How many of so many echo requests to the web Pod are answered. */
  private static int answered(String pod, int count) throws Exception {
    String address =
        JSON.readTree(podwire().run("get", "pod", "web", "-o", "json").succeeded().out())
            .at("/status/podIP")
            .asText();
    Result ping =
        podwire()
            .exec(
                pod,
                // Not -w, with which lost packets would be sent again.
                "timeout",
                "-s",
                "INT",
                Integer.toString(LIMIT_SECONDS),
                "ping",
                "-q",
                "-i",
                "0.005",
                "-c",
                Integer.toString(count),
                "-W",
                "1",
                address);
    Matcher answered = ANSWERED.matcher(ping.out());
    return answered.find() ? Integer.parseInt(answered.group(1)) : 0;
  }

  private static String dig(String pod, String name) throws Exception {
    return podwire().exec(pod, "dig", "+tries=1", "+time=2", name).out();
  }

  private static boolean isReady(String pod) throws Exception {
    return podwire().run("get", "pod", pod).succeeded().out().contains("1/1");
  }
}
