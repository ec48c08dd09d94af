package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podwire.testkit.e2e.PodwireCommand.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A namespace that somebody else made, with a server in it, held as a Pod by the sandbox program.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AttachIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: client, labels: {app: client}}
      spec:
        nodeName: node-1
        containers:
        - name: main
          image: podwire/agnhost
          args: [netexec]
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: client}
      spec: {selector: {app: client}, ports: [{port: 80, targetPort: http}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
      """;

  private static final String FAULT =
      """
      apiVersion: podwire.io/v1alpha1
      kind: NetworkFault
      metadata: {name: cut}
      spec:
        selector: {labelSelectors: {app: web}}
        protocol: tcp
        loss: {percent: 100%}
        duration: 60s
      """;

  @TempDir static Path scratch;

  private static @Nullable CommandCluster cluster;
  private static OutsideNamespace namespace;
  private static Process sandbox;
  private static Path output = Path.of("");
  private static String address = "";

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "ip", "kill");
    cluster = CommandCluster.of(2, MANIFEST, scratch);
    namespace = OutsideNamespace.create("attach", scratch);
    Path folder = Files.createDirectories(scratch.resolve("www"));
    Files.writeString(folder.resolve("hello"), "from outside\n");
    namespace.start(
        scratch.resolve("server.log"),
        "python3",
        "-m",
        "http.server",
        "8000",
        "--directory",
        folder.toString());
    sandbox = hold();
    address = pod("web").at("/status/podIP").asText();
  }

  @AfterAll
  static void stop() throws Exception {
    if (namespace != null) {
      namespace.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static PodwireCommand podwire() {
    return Objects.requireNonNull(cluster).podwire();
  }

  private static List<String> sandboxCommand(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                podwire().root().resolve("cli/target/dist/lib") + "/*",
                "io.podwire.sandbox.hold.Sandbox",
                "--socket",
                podwire().home().resolve("clusters/podwire/nodes/node-2/attach.sock").toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  /** Starts the sandbox and waits until Services send their connections there. */
  private static Process hold() throws Exception {
    output = Files.createTempFile(scratch, "sandbox", ".log");
    Path ready = scratch.resolve("ready");
    // A holder that was killed has left its own behind.
    Files.deleteIfExists(ready);
    Process started =
        namespace.start(
            output,
            sandboxCommand(
                    "--name=web",
                    "--label=app=web",
                    "--port=http=8000/tcp",
                    "--readiness=http:8000/hello",
                    "--ready-file=" + ready)
                .toArray(String[]::new));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(started.isAlive()).as(Files.readString(output)).isTrue();
          assertThat(ready).exists();
        });
    await()
        .atMost(PATIENCE)
        .until(() -> pod("web").at("/status/containerStatuses/0/ready").asBoolean());
    return started;
  }

  private static JsonNode pod(String name) throws IOException, InterruptedException {
    return JSON.readTree(podwire().run("get", "pod", name, "-o", "json").succeeded().out());
  }

  private static Result curl() throws Exception {
    return podwire().exec("client", "curl", "-sS", "-m", "5", "http://web/hello");
  }

  private static void awaitAnswer() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(curl().out()).isEqualTo("from outside\n"));
  }

  @Test
  @Order(1)
  void shouldServeOthersByAServicesName() {
    awaitAnswer();
  }

  @Test
  @Order(1)
  void shouldReachOthersByName() throws Exception {
    assertThat(namespace.run("curl", "-sS", "-m", "10", "http://client/hostname").succeeded().out())
        .startsWith("client");
    assertThat(Files.readString(namespace.etc().resolve("hosts"))).endsWith(address + "\tweb\n");
  }

  @Test
  @Order(1)
  void shouldBeAPodLikeOthers() throws Exception {
    JsonNode pod = pod("web");

    assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
    assertThat(pod.at("/spec/nodeName").asText()).isEqualTo("node-2");
    assertThat(pod.at("/metadata/labels/app").asText()).isEqualTo("web");
    Result exec = podwire().exec("web", "true");
    assertThat(exec.exitCode()).isNotZero();
    assertThat(exec.err()).contains("run the command in its container");
  }

  @Test
  @Order(1)
  void shouldTakeInAnyProgram() throws Exception {
    try (OutsideNamespace other = OutsideNamespace.create("python", scratch)) {
      Path said = scratch.resolve("python.log");
      Process holder =
          other.start(
              said,
              "python3",
              podwire().root().resolve("examples/attach/attach.py").toString(),
              podwire().home().resolve("clusters/podwire/nodes/node-1/attach.sock").toString(),
              "guest");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(said).content().matches("10\\.244\\.\\d+\\.\\d+/24\n"));
      other.run("curl", "-sS", "-m", "10", "http://" + address + ":8000/hello").succeeded();
      assertThat(pod("guest").at("/metadata/labels/app").asText()).isEqualTo("guest");

      podwire().run("delete", "pod", "guest").succeeded();

      assertThat(holder.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(said).content().contains("default/guest is no more: it was deleted");
    }
  }

  @Test
  @Order(1)
  void shouldRefuseASecondOfTheName() throws Exception {
    try (OutsideNamespace other = OutsideNamespace.create("second", scratch)) {
      Result second = other.run(sandboxCommand("--name=web").toArray(String[]::new));
      Result process = other.run(sandboxCommand("--name=client").toArray(String[]::new));

      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.err()).contains("default/web is attached already");
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.err()).contains("\"client\" already exists");
      assertThat(other.run("ip", "link", "show", "eth0").exitCode()).isNotZero();
    }
  }

  @Test
  @Order(2)
  void shouldFeelFaults() throws Exception {
    podwire().apply(FAULT).succeeded();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(curl().exitCode()).isEqualTo(28));

    podwire().run("delete", "networkfault", "cut").succeeded();
    awaitAnswer();
  }

  @Test
  @Order(2)
  void shouldBeCaptured() throws Exception {
    Path out = scratch.resolve("capture.out");
    Path err = scratch.resolve("capture.err");
    Path file = scratch.resolve("web.pcapng");
    Process capture =
        podwire()
            .start(out, err, "capture", "web", "--filter", "tcp port 8000", "-w", file.toString());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(err).content().contains("Ctrl-C ends it"));
    awaitAnswer();
    new ProcessBuilder("kill", "-INT", String.valueOf(capture.pid())).start().waitFor();

    assertThat(capture.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(err).content().containsPattern("[1-9][0-9]* packets captured, 0 lost");
  }

  @Test
  @Order(3)
  void shouldKeepItsAddressWhenTheAgentIsKilled() throws Exception {
    Processes.kill(podwire(), "io.podwire.agent.boot.NodeAgent", "node-2");

    await()
        .atMost(PATIENCE)
        .until(() -> Files.readString(output).split("Pod default/web on node-2", -1).length == 3);
    assertThat(Files.readString(output)).contains("the agent is gone; waiting for it");
    assertThat(pod("web").at("/status/podIP").asText()).isEqualTo(address);
    awaitAnswer();
  }

  @Test
  @Order(4)
  void shouldKeepItsAddressWhenTheHolderComesBack() throws Exception {
    kill();
    sandbox = hold();

    assertThat(pod("web").at("/status/podIP").asText()).isEqualTo(address);
    awaitAnswer();
  }

  @Test
  @Order(5)
  void shouldTellTheHolderThatThePodWasDeleted() throws Exception {
    podwire().run("delete", "pod", "web").succeeded();

    assertThat(sandbox.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(sandbox.exitValue()).isEqualTo(1);
    assertThat(output).content().contains("Pod default/web is no more: it was deleted");
    awaitGone();
  }

  @Test
  @Order(6)
  void shouldGoWithItsHolder() throws Exception {
    sandbox = hold();
    kill();

    awaitGone();
  }

  @Test
  @Order(7)
  void shouldGoAtOnceWhenTheHolderIsAskedToEnd() throws Exception {
    sandbox = hold();
    sandbox.destroy();

    assertThat(sandbox.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(podwire().run("get", "pod", "web").exitCode()).isNotZero();
    awaitGone();
  }

  private static void kill() throws InterruptedException {
    // ip has become the sandbox: it is the same process.
    sandbox.destroyForcibly().waitFor();
  }

  private static void awaitGone() throws Exception {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(podwire().run("get", "pods").succeeded().out()).doesNotContain("web"));
    assertThat(namespace.run("ip", "link", "show", "eth0").exitCode()).isNotZero();
    assertThat(podwire().home().resolve("clusters/podwire/nodes/node-2/pods"))
        .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("default_"));
  }
}
