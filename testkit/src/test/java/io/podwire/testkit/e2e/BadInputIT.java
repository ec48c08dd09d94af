package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes and malice against a running cluster: one clear error each, and nothing disturbed. */
class BadInputIT {

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec:
        nodeName: node-1
        containers: [{name: main, image: podwire/agnhost}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: server, labels: {app: server}}
      spec:
        nodeName: node-2
        containers: [{name: main, image: podwire/agnhost, args: [netexec]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: server}
      spec: {selector: {app: server}, ports: [{port: 80, targetPort: 8080}]}
      """;

  private static final byte[] QUESTION =
      HexFormat.of()
          .parseHex(
              "123401000001000000000000067365727665720764656661756c740373766307636c757374657205"
                  + "6c6f63616c0000010001");

  // VXLAN with VNI 1, Ethernet broadcast, IPv4 with UDP.
  private static final byte[] TUNNELLED =
      HexFormat.of()
          .parseHex(
              "0800000000000100ffffffffffff02000000000108004500002000000000401100000af400020af4"
                  + "010200350035000c00000000000000000000");

  private static final String AGENT = "io.podwire.agent.boot.NodeAgent";
  private static final String CONTROL_PLANE = "io.podwire.controlplane.boot.ControlPlane";

  @TempDir static Path scratch;

  private static @Nullable CommandCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "dig");
    cluster = CommandCluster.of(2, MANIFEST, scratch);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static PodwireCommand podwire() {
    return Objects.requireNonNull(cluster).podwire();
  }

  private static void assertRefused(PodwireCommand.Result result, String... words) {
    assertThat(result.exitCode()).as(result.all()).isNotZero();
    assertThat(result.err()).contains(words);
    assertThat(result.all()).doesNotContain("\tat ").doesNotContain("Exception");
  }

  private static NetworkNamespace podNetwork(String pod) throws Exception {
    String name = podwire().exec(pod, "readlink", "/proc/self/ns/net").succeeded().out().strip();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Path link = Path.of("/proc/" + process.pid() + "/ns/net");
      try {
        if (Files.readSymbolicLink(link).toString().equals(name)) {
          return NetworkNamespace.ofProcess(process.pid());
        }
      } catch (IOException ended) {
        // Not the one that is looked for.
      }
    }
    throw new AssertionError("no process is in " + name);
  }

  /** A curl by Service name from one node to the other, and an answer of the DNS server. */
  private static void assertWorks() throws Exception {
    assertThat(podwire().exec("client", "curl", "-sS", "-m", "10", "http://server/hostname").out())
        .startsWith("server");
    assertThat(podwire().exec("client", "dig", "+short", "server.default.svc.cluster.local").out())
        .matches("10\\.96\\.\\d+\\.\\d+\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--pod-cidr=10.96.0.0/12 | overlaps --service-cidr 10.96.0.0/16",
        "--node-cidr=10.244.9.0/24 | --pod-cidr 10.244.0.0/16 overlaps --node-cidr 10.244.9.0/24",
        "--pod-cidr=10.244.0.0/23 | has room for the /24 of 2 nodes, not of 3",
        "--pod-cidr=10.244.0.0/28 | choose a /24 or larger",
        "--service-cidr=10.96.0.0/30 | choose a /28 or larger",
        "--pod-cidr=10.244.0.5/16 | write 10.244.0.0/16",
        "--nodes=0 | choose 1-200",
        "--nodes=many | 'many' is not an int",
        "--nodez=3 | --nodez",
      })
  void shouldRefuseOptionsBeforeAnythingIsStarted(String option, String expected) throws Exception {
    assertRefused(podwire().run("--name", "other", "up", option), option.split("=")[0], expected);
    assertThat(podwire().home().resolve("clusters/other")).doesNotExist();
  }

  @Test
  void shouldTellEveryProblemOfEveryDocumentAndApplyNothing() throws Exception {
    PodwireCommand.Result result =
        podwire()
            .apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: good}
                spec: {containers: [{name: c, image: podwire/agnhost}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: bad}
                spec:
                  contaners: []
                  containers:
                  - {name: c, image: a, ports: [{containerPort: 70000, protocol: SCTPP}]}
                ---
                apiVersion: v1
                kind: Unicorn
                metadata: {name: u}
                ---
                apiVersion: v1
                kind: Service
                metadata: {}
                spec: {selector: {a: b}, ports: [{port: 0}]}
                """);

    assertRefused(
        result,
        "nothing was applied",
        "spec.contaners: no such field; did you mean containers?",
        "70000 is no port; write a number from 1 to 65535",
        "'SCTPP' is not supported; write TCP, UDP or SCTP",
        "kind: 'Unicorn' in apiVersion 'v1' is not known",
        "metadata.name: is required",
        "0 is no port");
    assertRefused(podwire().run("get", "pod", "good"), "pods \"good\" not found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | no Kubernetes object in it",
        "'# nothing' | no Kubernetes object in it",
        "'\\0\\1\\2' | YAML syntax",
        "'kind: Pod\\n\\tmetadata: {}' | YAML syntax",
        "'kind: Pod\\nkind: Pod' | found duplicate key kind",
        "'- a\\n- list' | no mapping of fields",
      })
  void shouldRefuseWhatIsNoManifestByFileAndLine(String escaped, String expected) throws Exception {
    assertRefused(podwire().apply(escaped.translateEscapes()), ".yaml", expected);
  }

  @Test
  void shouldNotExpandABombOfAliases() throws Exception {
    StringBuilder bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (char level = 'b'; level <= 'i'; level++) {
      String before = "*" + (char) (level - 1);
      bomb.append(level).append(": &").append(level).append(" [");
      bomb.append((before + ", ").repeat(8)).append(before).append("]\n");
    }

    assertRefused(podwire().apply(bomb.toString()), "aliases");
  }

  @Test
  void shouldWarnOfASelectorThatMatchesNothing() throws Exception {
    PodwireCommand.Result result =
        podwire()
            .apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: nobody}
                spec: {selector: {app: nobody}, ports: [{port: 80}]}
                """)
            .succeeded();

    assertThat(result.all()).contains("Warning: ", "matches no Pod in namespace default");
  }

  @Test
  void shouldTellOfAProgramAndAnImageThatDoNotExist() throws Exception {
    podwire()
        .apply(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: noprogram}
            spec: {restartPolicy: Never, containers: [{name: c, image: a, command: [/no/such]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: noimage}
            spec: {containers: [{name: c, image: nginx}]}
            """)
        .succeeded();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(podwire().run("get", "pods").out())
                .containsPattern("noprogram .*StartError")
                .containsPattern("noimage .*ErrImagePull"));
    assertThat(podwire().run("get", "pod", "noprogram", "-o", "yaml").out())
        .contains("/no/such: no such file or directory");
    assertThat(podwire().run("get", "pod", "noimage", "-o", "yaml").out())
        .contains("image 'nginx' is not built in");
    assertRefused(podwire().run("logs", "noprogram"), "has not been started");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec nosuch -- ls | pods \"nosuch\" not found",
        "exec client -c nope -- ls | container 'nope' is not in pod default/client",
        "exec client -- /no/such | /no/such: no such file or directory",
        "logs nosuch | pods \"nosuch\" not found",
        "logs client -c nope | container 'nope' is not in pod default/client",
        "delete pod nosuch | pods \"nosuch\" not found",
        "delete namespace default | may not be deleted",
        "delete node node-1 | its agent is connected; stop the agent first",
        "get unicorns | use one of pods, services",
        "apply -f /no/such.yaml | /no/such.yaml: no such file or folder",
        "--name other get pods | start a cluster with 'podwire up'",
        "--server http://127.0.0.1:1 get pods | check --server",
        "node restart node-9 | it has node-1, node-2",
        "frobnicate | 'frobnicate'",
      })
  void shouldRefuseWhatIsNotThere(String line) throws Exception {
    String[] parts = line.split(" \\| ");

    assertRefused(podwire().run(parts[0].split(" ")), parts[1]);
  }

  @Test
  void shouldRefuseANodeNameThatIsTaken() throws Exception {
    try (HandStarted second =
        HandStarted.startBeside(
            podwire(),
            "node-2",
            AGENT,
            "--name=node-1",
            "--address=172.30.0.12",
            "--control-plane=172.30.0.2:6500",
            "--state=" + scratch.resolve("second"),
            "--vxlan-port=14789",
            "--grpc-port=10251")) {
      assertRefused(second.awaitEnd(45), "--name: node-1: the node name node-1 is taken");
    }
    assertWorks();
  }

  @Test
  void shouldRefuseTakenPortsBeforeTheNodeIsAnnounced() throws Exception {
    try (HandStarted second =
        HandStarted.startBeside(
            podwire(),
            "node-2",
            AGENT,
            "--name=node-9",
            "--address=172.30.0.12",
            "--control-plane=172.30.0.2:6500",
            "--state=" + scratch.resolve("second"))) {
      assertRefused(second.awaitEnd(30), "--vxlan-port: ", "--grpc-port: ", "choose another port");
    }
    assertRefused(podwire().run("get", "node", "node-9"), "nodes \"node-9\" not found");
    assertWorks();
  }

  @Test
  void shouldTellAllTakenPortsOfAControlPlane() throws Exception {
    try (ServerSocket grpc = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        ServerSocket http = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        HandStarted second =
            HandStarted.start(
                podwire(),
                CONTROL_PLANE,
                "--data=" + scratch.resolve("second-data"),
                "--grpc=127.0.0.1:" + grpc.getLocalPort(),
                "--http=127.0.0.1:" + http.getLocalPort())) {
      assertRefused(second.awaitEnd(30), "--grpc 127.0.0.1:", "--http: ", "Address already in use");
    }
  }

  @Test
  void shouldWaitForZooKeeperWithOneLine() throws Exception {
    try (HandStarted waiting =
        HandStarted.start(
            podwire(), CONTROL_PLANE, "--zookeeper=127.0.0.1:1", "--grpc=127.0.0.1:16500")) {
      String line = "ZooKeeper at 127.0.0.1:1 is unreachable; trying until it answers";
      await().atMost(Duration.ofSeconds(30)).until(() -> waiting.output().contains(line));
      // More than two further attempts to connect.
      await().during(Duration.ofSeconds(6)).atMost(Duration.ofSeconds(8)).until(waiting::isAlive);
      assertThat(waiting.output().lines()).hasSize(1).allMatch(each -> each.contains(line));
    }
  }

  @Test
  void shouldNotBeDisturbedByRandomBytesOnTheTunnelPort() throws Exception {
    for (String program : new String[] {"control-plane", "node-1"}) {
      try (NetworkNamespace from = HandStarted.networkOf(podwire(), program)) {
        new HostileBytes(7, from)
            .datagrams(new InetSocketAddress("172.30.0.12", 4789), TUNNELLED, 2_000);
      }
    }
    assertThat(podwire().run("status").out()).containsPattern("node-2 +ready +\\d+ +0 ");
    assertWorks();
  }

  @Test
  void shouldAnswerBrokenQuestionsWithFormErr() throws Exception {
    try (NetworkNamespace pod = podNetwork("client")) {
      InetSocketAddress dns = new InetSocketAddress("10.96.0.10", 53);
      HostileBytes sender = new HostileBytes(11, pod);
      sender.datagrams(dns, QUESTION, 100);
      sender.streams(dns, QUESTION, 50);
      assertThat(HostileBytes.rcode(pod, dns, Arrays.copyOf(QUESTION, 20))).isEqualTo(1);
      assertThat(HostileBytes.rcode(pod, dns, QUESTION)).isZero();
    }
    assertWorks();
  }
}
