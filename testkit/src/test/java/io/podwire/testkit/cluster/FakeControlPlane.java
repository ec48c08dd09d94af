package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Objects behind the API's routes, without anything that acts on them; and clusters made of it,
 * whose processes do nothing. What is applied is there at once, Pods and faults as asked for.
 */
public final class FakeControlPlane implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
  private final AtomicInteger uids = new AtomicInteger();
  private final List<Cluster> started = new ArrayList<>();
  private final Path launcher;
  private volatile String verdict = "confirmed";

  /** Serves on the loopback address. */
  public FakeControlPlane(Path folder) throws IOException {
    launcher = Files.writeString(folder.resolve("podwire"), "#!/bin/sh\nexit 0\n");
    launcher.toFile().setExecutable(true);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(
        Executors.newCachedThreadPool(task -> {
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          return thread;
        }));
    server.start();
    add(Resource.NODE, object("v1", "Node", "node-1"));
  }

  /** What the receipts of faults say. */
  public void verdict(String said) {
    verdict = said;
  }

  /** A cluster with this topology's objects in it. */
  public synchronized Cluster start(Topology topology) {
    ApiClient api =
        new ApiClient(
            new ApiAddress.Tcp(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
    ClusterProcess process = ClusterProcess.start(new Launcher(launcher), topology);
    topology.everything().forEach(manifest -> apply(manifest.text()));
    Cluster cluster = Cluster.ready(topology, api, process);
    started.add(cluster);
    return cluster;
  }

  /** How many were started so far. */
  public synchronized int started() {
    return started.size();
  }

  /** How many of them run. */
  public synchronized long running() {
    return started.stream()
        .filter(each -> Files.exists(each.programs().captures().getParent()))
        .count();
  }

  /** The names of the objects of a kind. */
  public List<String> names(Resource kind) {
    return items(kind.listPath(null)).stream()
        .map(each -> each.at("/metadata/name").asText())
        .toList();
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    ObjectNode object = JSON.createObjectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }

  private ObjectNode apply(String yaml) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode results = answer.putArray("results");
    for (String document : yaml.split("(?m)^---$")) {
      if (!document.isBlank()) {
        results.add(apply(parse(document)));
      }
    }
    return answer;
  }

  private static ObjectNode parse(String document) {
    try {
      return (ObjectNode) new YAMLMapper().readTree(document);
    } catch (IOException malformed) {
      throw new IllegalArgumentException(document, malformed);
    }
  }

  private ObjectNode apply(ObjectNode object) {
    Resource kind =
        Stream.of(Resource.values())
            .filter(each -> each.kind().equals(object.path("kind").asText()))
            .findFirst()
            .orElseThrow();
    if (kind.namespaced() && !object.path("metadata").has("namespace")) {
      object.withObject("/metadata").put("namespace", ObjectKey.DEFAULT_NAMESPACE);
    }
    add(kind, object);
    ObjectNode result = JSON.createObjectNode();
    ObjectKey key = ObjectKey.of(object);
    return result
        .put("kind", kind.kind())
        .put("namespace", key.namespace())
        .put("name", key.name())
        .put("result", "created");
  }

  private void add(Resource kind, ObjectNode object) {
    ObjectKey key = ObjectKey.of(object);
    String path = kind.objectPath(key.namespace(), key.name());
    if (objects.containsKey(path)) {
      return;
    }
    object.withObject("/metadata").put("uid", "uid-" + uids.incrementAndGet());
    ObjectNode status = object.putObject("status");
    if (Resource.FAULTS.contains(kind)) {
      status.put("phase", "Running");
    } else {
      status.put("podIP", "10.244.0.9");
      status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
    }
    objects.put(path, object);
  }

  /** Objects of a list, of all namespaces or one. */
  private List<ObjectNode> items(String listPath) {
    String plural = listPath.substring(listPath.lastIndexOf('/') + 1);
    return objects.entrySet().stream()
        .filter(each -> each.getKey().contains("/" + plural + "/"))
        .map(Map.Entry::getValue)
        .toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Optional<? extends JsonNode> answer =
        switch (exchange.getRequestMethod()) {
          case "POST" -> Optional.of(apply(body));
          case "DELETE" -> Optional.ofNullable(objects.remove(path));
          case "PATCH" -> end(path.replace("/status", ""));
          default -> get(path);
        };
    byte[] text =
        answer
            .map(JsonNode::toString)
            .orElse("{\"kind\":\"Status\",\"code\":404}")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.isEmpty() ? 404 : 200, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private Optional<? extends JsonNode> get(String path) {
    boolean isList = Stream.of(Resource.values()).anyMatch(each -> path.endsWith(each.plural()));
    if (!isList) {
      return Optional.ofNullable(objects.get(path));
    }
    ObjectNode list = JSON.createObjectNode();
    ArrayNode items = list.putArray("items");
    items(path).forEach(items::add);
    return Optional.of(list);
  }

  private Optional<ObjectNode> end(String path) {
    Optional<ObjectNode> found = Optional.ofNullable(objects.get(path));
    found.ifPresent(fault -> {
      ObjectNode status = fault.putObject("status");
      status.put("phase", "Ended").put("endTime", "2026-01-01T00:00:00Z");
      status.put("verdict", verdict).put("verdictMessage", "loss 3 of 10 packets");
      status.putArray("receipts").addObject().put("ended", true);
    });
    return found;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
