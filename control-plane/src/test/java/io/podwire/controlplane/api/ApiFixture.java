package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.ipam.ClusterIpAllocator;
import io.podwire.cluster.ipam.NodePortAllocator;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindContext;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API on a loopback port over a registry in memory, with a fixed clock and seeded chance. */
final class ApiFixture implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  static final ClusterConfig CONFIG =
      new ClusterConfig(
          List.of(Cidr.parse("10.244.0.0/16")),
          List.of(Cidr.parse("10.96.0.0/16")),
          Cidr.parse("172.30.0.0/24"),
          24,
          "cluster.local",
          IpAddress.parse("10.96.0.10"),
          new Vni(1),
          List.of());

  final Store store;
  final ApiEnvironment environment;
  final ApiServer server;
  final InetSocketAddress address;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  ApiFixture() {
    this(new MemoryStore(), Duration.ofSeconds(60));
  }

  ApiFixture(Store store, Duration bookmarkPeriod) {
    this(store, bookmarkPeriod, CONFIG);
  }

  /** With Service networks of both families. */
  static ApiFixture dualStack() {
    ClusterConfig config =
        new ClusterConfig(
            CONFIG.podCidrs(),
            List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/112")),
            CONFIG.nodeCidr(),
            CONFIG.nodePrefixLength(),
            CONFIG.zone(),
            CONFIG.dnsAddress(),
            CONFIG.vni(),
            List.of());
    return new ApiFixture(new MemoryStore(), Duration.ofSeconds(60), config);
  }

  private ApiFixture(Store store, Duration bookmarkPeriod, ClusterConfig config) {
    this.store = store;
    this.environment = environment(store, config);
    this.server = new ApiServer(environment, () -> true, bookmarkPeriod);
    server.start();
    this.address = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  static ApiEnvironment environment(Store store) {
    return environment(store, CONFIG);
  }

  private static ApiEnvironment environment(Store store, ClusterConfig config) {
    return new ApiEnvironment(
        store,
        KindContext.of(config),
        ServiceAddresses.of(
            config.serviceCidrs().stream()
                .map(network -> new ClusterIpAllocator(network, new Random(1)))
                .toList(),
            new NodePortAllocator()),
        () -> NOW,
        new Random(7));
  }

  /** An answer with its body as JSON. */
  record Answer(int code, ObjectNode json, List<String> warnings) {
    String message() {
      return json.path("message").asText();
    }

    /** The messages of {@code details.causes}. */
    List<String> causes() {
      return json.path("details").path("causes").findValuesAsText("message");
    }

    JsonNode at(String pointer) {
      return json.at(pointer);
    }
  }

  URI uri(String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + address.getPort() + path);
  }

  Answer get(String path) {
    return send("GET", path, null, "");
  }

  Answer delete(String path) {
    return send("DELETE", path, null, "");
  }

  Answer post(String path, String yaml) {
    return send("POST", path, yaml, "application/yaml");
  }

  Answer put(String path, String yaml) {
    return send("PUT", path, yaml, "application/yaml");
  }

  Answer patch(String path, String json) {
    return send("PATCH", path, json, "application/merge-patch+json");
  }

  Answer apply(String yaml) {
    return post("/podwire/v1/apply", yaml);
  }

  Answer send(String method, String path, @Nullable String body, String contentType) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("http", path))
            .timeout(Duration.ofSeconds(10))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          (ObjectNode) ManifestJson.mapper().readTree(response.body()),
          response.headers().allValues("Warning"));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path + " failed", e);
    }
  }

  HttpClient client() {
    return client;
  }

  /** Puts an object into the registry as a controller does. */
  void store(Kind kind, ObjectNode manifest) {
    store.create(ObjectChecks.key(kind, manifest), ManifestJson.toStored(manifest), Set.of());
  }

  /** A Ready node whose agent listens on this port of the loopback address. */
  void storeNode(String name, int agentPort) {
    ObjectNode node = ManifestJson.object();
    node.put("apiVersion", "v1").put("kind", "Node");
    node.putObject("metadata")
        .put("name", name)
        .putObject("annotations")
        .put("podwire.io/agent-port", Integer.toString(agentPort));
    node.putObject("status")
        .putArray("addresses")
        .addObject()
        .put("type", "InternalIP")
        .put("address", "127.0.0.1");
    store(KindTable.NODE, node);
  }

  /** Sets a Node's Ready condition, as its agent's session does. */
  void setReady(String name, String status) {
    var key = KindTable.NODE.key("", name);
    ObjectNode node = ManifestJson.read(store.get(key).orElseThrow());
    node.withObject("/status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", status);
    store.update(key, ManifestJson.toStored(node), Store.ANY_REVISION, Set.of(), Set.of());
  }

  /** Sets a Pod's node and phase, as the scheduler and the agent do. */
  void run(String namespace, String name, String node, String phase) {
    var key = KindTable.POD.key(namespace, name);
    ObjectNode pod = ManifestJson.read(store.get(key).orElseThrow());
    pod.withObject("/spec").put("nodeName", node);
    pod.withObject("/status").put("phase", phase);
    store.update(key, ManifestJson.toStored(pod), Store.ANY_REVISION, Set.of(), Set.of());
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }

  static String namespace(String name) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: %s}
    """
        .formatted(name);
  }

  static String pod(String namespace, String name) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: %s, labels: {app: web}}
    spec:
      containers:
      - {name: main, image: podwire/agnhost, args: [netexec]}
    """
        .formatted(name, namespace);
  }

  static String service(String namespace, String name) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: %s}
    spec:
      selector: {app: web}
      ports:
      - {port: 80, targetPort: 8080}
    """
        .formatted(name, namespace);
  }

  static String documents(String... documents) {
    return String.join("---\n", documents);
  }
}
