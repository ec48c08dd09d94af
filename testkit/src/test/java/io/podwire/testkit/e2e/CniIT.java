package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.testkit.e2e.PodwireCommand.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The CNI plugin, called as cnitool calls one, on namespaces with a name. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CniIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CONTAINER = "cnitool-77383ca0b04df2e4d5a8";

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: client, labels: {app: client}}
      spec:
        nodeName: node-2
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
      """;

  @TempDir static Path scratch;

  private static @Nullable CommandCluster cluster;
  private static OutsideNamespace namespace;
  private static JsonNode result = MissingNode.getInstance();

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "ip", "ping");
    cluster = CommandCluster.of(2, MANIFEST, scratch);
    namespace = OutsideNamespace.create("cni", scratch);
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

  private static ObjectNode config() {
    return JSON.createObjectNode()
        .put("cniVersion", "1.1.0")
        .put("name", "cluster")
        .put("type", "podwire")
        .put(
            "socket",
            podwire().home().resolve("clusters/podwire/nodes/node-1/attach.sock").toString());
  }

  private static Result call(String command, JsonNode config) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("PODWIRE_JAVA", Path.of(System.getProperty("java.home"), "bin/java") + "");
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", CONTAINER);
    environment.put("CNI_NETNS", namespace.path().toString());
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=guest");
    return OutsideNamespace.run(
        scratch,
        environment,
        config.toString(),
        podwire().root().resolve("podwire-cni").toString());
  }

  private static int code(Result failed) throws Exception {
    assertThat(failed.exitCode()).as(failed.all()).isNotZero();
    return JSON.readTree(failed.out()).at("/code").asInt();
  }

  private static boolean isPod() throws Exception {
    return podwire().run("get", "pod", "guest").exitCode() == 0;
  }

  private static boolean hasInterface() throws Exception {
    return namespace.run("ip", "link", "show", "eth0").exitCode() == 0;
  }

  @Test
  @Order(1)
  void shouldSayThatItIsThere() throws Exception {
    assertThat(call("STATUS", config()).succeeded().out()).isEmpty();
    assertThat(code(call("STATUS", config().put("socket", "/nonexistent")))).isEqualTo(50);
    assertThat(call("VERSION", config()).succeeded().out()).contains("1.1.0");
    assertThat(code(call("CHECK", config()))).isEqualTo(3);
  }

  @Test
  @Order(2)
  void shouldMakeANamespaceAPod() throws Exception {
    result = JSON.readTree(call("ADD", config()).succeeded().out());

    JsonNode pod =
        JSON.readTree(podwire().run("get", "pod", "guest", "-o", "json").succeeded().out());
    assertThat(result.at("/ips/0/address").asText())
        .startsWith(pod.at("/status/podIP").asText() + "/");
    assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
    // As a runtime does with the answer's names.
    Files.writeString(
        namespace.etc().resolve("resolv.conf"),
        "search "
            + result.at("/dns/search/0").asText()
            + "\nnameserver "
            + result.at("/dns/nameservers/0").asText()
            + "\n");
  }

  @Test
  @Order(3)
  void shouldReachAPodAndAServiceByName() throws Exception {
    JsonNode client =
        JSON.readTree(podwire().run("get", "pod", "client", "-o", "json").succeeded().out());

    namespace.run("ping", "-c", "1", "-W", "5", client.at("/status/podIP").asText()).succeeded();
    assertThat(namespace.run("curl", "-sS", "-m", "10", "http://client/hostname").succeeded().out())
        .startsWith("client");
  }

  @Test
  @Order(3)
  void shouldBeReached() throws Exception {
    String address = result.at("/ips/0/address").asText().replaceFirst("/.*", "");

    podwire().exec("client", "ping", "-c", "1", "-W", "5", address).succeeded();
  }

  @Test
  @Order(3)
  void shouldRefuseAnInterfaceThatIsThere() throws Exception {
    assertThat(code(call("ADD", config()))).isEqualTo(4);
    assertThat(hasInterface()).isTrue();
    assertThat(isPod()).isTrue();
  }

  @Test
  @Order(4)
  void shouldOutliveTheAgent() throws Exception {
    Processes.kill(podwire(), "io.podwire.agent.boot.NodeAgent", "node-1");

    ObjectNode config = config();
    config.set("prevResult", result);
    await().atMost(PATIENCE).untilAsserted(() -> call("CHECK", config).succeeded());
    assertThat(namespace.run("curl", "-sS", "-m", "10", "http://client/hostname").succeeded().out())
        .startsWith("client");
  }

  @Test
  @Order(5)
  void shouldKeepWhatIsValidAndEndWhatIsNot() throws Exception {
    ObjectNode config = config();
    config
        .putArray("cni.dev/valid-attachments")
        .addObject()
        .put("containerID", CONTAINER)
        .put("ifname", "eth0");
    call("GC", config).succeeded();
    assertThat(isPod()).isTrue();

    config.putArray("cni.dev/valid-attachments");
    call("GC", config).succeeded();
    assertThat(isPod()).isFalse();
    assertThat(hasInterface()).isFalse();
  }

  @Test
  @Order(6)
  void shouldDeleteAsOftenAsItIsAsked() throws Exception {
    call("ADD", config()).succeeded();
    call("DEL", config()).succeeded();
    assertThat(isPod()).isFalse();
    assertThat(hasInterface()).isFalse();
    call("DEL", config()).succeeded();
  }

  @Test
  @Order(7)
  void shouldLetGoOfANamespaceThatIsDeletedWithoutAWord() throws Exception {
    call("ADD", config()).succeeded();
    namespace.delete();

    await().atMost(PATIENCE).until(() -> !isPod());
    call("DEL", config()).succeeded();
  }
}
