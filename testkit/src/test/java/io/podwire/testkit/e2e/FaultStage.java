package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.ApiClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A namespace with a client, a web server and a bystander, which one fault at a time acts on.
 *
 * <p>Used by one thread at a time.
 */
final class FaultStage {

  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int COMMAND_SECONDS = 40;
  private static final List<String> MEMBERS = List.of("a", "b", "c", "d", "e");

  private final String namespace;
  private final String clientNode;
  private final String webNode;
  private final String bystanderNode;
  private final boolean hasMembers;
  private final Map<String, String> variables = new LinkedHashMap<>();
  private final Path scratch;
  private final ApiClient api;

  FaultStage(
      String namespace,
      List<String> nodes,
      boolean hasMembers,
      Path home,
      Path scratch,
      ApiClient api) {
    this.namespace = namespace;
    this.clientNode = nodes.get(0);
    this.webNode = nodes.get(1);
    this.bystanderNode = nodes.get(2);
    this.hasMembers = hasMembers;
    this.scratch = scratch;
    this.api = api;
    variables.put("API", home.resolve("clusters/podwire/api.sock").toString());
    variables.put("HOME_FOLDER", home.toString());
  }

  String namespace() {
    return namespace;
  }

  /** What is to be there before {@link #open}. */
  String manifest(Path trafficProgram) {
    StringBuilder all =
        new StringBuilder(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: %1$s}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: %1$s}
            spec:
              selector: {app: web}
              ports: [{name: http, port: 80, targetPort: 8080}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: %1$s, labels: {app: web}}
            spec:
              nodeName: %2$s
              containers:
              - name: main
                image: debian
                command: [python3, %3$s, serve]
                ports: [{name: http, containerPort: 8080}]
                readinessProbe: {tcpSocket: {port: http}, periodSeconds: 1}
            """
                .formatted(namespace, webNode, trafficProgram));
    all.append(idle("client", "app: client", clientNode));
    all.append(idle("bystander", "app: bystander", bystanderNode));
    if (hasMembers) {
      MEMBERS.forEach(member ->
          all.append(
              idle(
                  member,
                  "role: member",
                  MEMBERS.indexOf(member) % 2 == 0 ? clientNode : webNode)));
    }
    return all.toString();
  }

  /** A Pod that does nothing by itself. */
  String idle(String name, String label, String node) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: %s, labels: {%s}}
    spec:
      nodeName: %s
      containers:
      - {name: main, image: debian, command: [sleep, infinity]}
    """
        .formatted(name, namespace, label, node);
  }

  /** Learns where the Pods are. */
  void open(Path trafficProgram) throws IOException {
    for (String pod : List.of("client", "web", "bystander")) {
      String name = pod.toUpperCase(Locale.ROOT);
      variables.put(name + "_IP", address(pod));
      variables.put(name + "_PID", Long.toString(sandbox(pod)));
    }
    StringBuilder members = new StringBuilder();
    if (hasMembers) {
      for (String member : MEMBERS) {
        members.append(' ').append(sandbox(member)).append('@').append(address(member));
      }
    }
    variables.put("MEMBERS", members.toString().strip());
    variables.put("CLIENT_NODE", clientNode);
    variables.put("WEB_NODE", webNode);
    variables.put(
        "SERVICE_IP",
        api.get("/api/v1/namespaces/" + namespace + "/services/web")
            .at("/spec/clusterIP")
            .asText());
    variables.put("TRAFFIC", trafficProgram.toString());
    variables.put("NS", namespace);
  }

  Map<String, String> variables() {
    return variables;
  }

  private String address(String pod) {
    return api.get("/api/v1/namespaces/" + namespace + "/pods/" + pod).at("/status/podIP").asText();
  }

  /** The process that holds a Pod's namespaces. */
  long sandbox(String pod) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.filter(path -> Files.exists(path.resolve("stat"))).toList()) {
        String commandLine;
        try {
          commandLine = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
          continue;
        }
        if (commandLine.contains("podwire-pause")
            && commandLine.contains(variables.get("HOME_FOLDER"))
            && commandLine.endsWith("\0" + namespace + "/" + pod + "\0")) {
          return Long.parseLong(process.getFileName().toString());
        }
      }
    }
    throw new AssertionError("no sandbox of " + namespace + "/" + pod);
  }

  /** Runs shell commands, of those of {@code stage.sh} too, and returns what they print. */
  String shell(String commands) throws IOException, InterruptedException {
    Path out = Files.createTempFile(scratch, namespace, ".out");
    Path script = Files.createTempFile(scratch, namespace, ".sh");
    Files.writeString(script, ". " + scratch.resolve("stage.sh") + "\n" + commands + "\n");
    ProcessBuilder builder =
        new ProcessBuilder("sh", script.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      throw new AssertionError(commands + " did not end: " + Files.readString(out));
    }
    return Files.readString(out);
  }

  /** Waits until everybody reaches the web Pod, unharmed, and no connection is left open. */
  void awaitHealth() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(
                    shell(
                        "pings 3; bystander ping -q -c 3 -i 0.01 -W 1 $WEB_IP;"
                            + " fetch /; client curl -sS -m 1 -o /dev/null http://$SERVICE_IP/"
                            + " && echo served; await_ended"))
                .containsPattern("(?s) 3 received.* 3 received.*exit 0.*served"));
  }

  JsonNode get(String path) {
    return api.get(path);
  }

  ApiClient api() {
    return api;
  }
}
