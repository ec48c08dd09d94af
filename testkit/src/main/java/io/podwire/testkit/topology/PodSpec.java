package io.podwire.testkit.topology;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/**
 * A Pod to be made, with one container. Immutable; every call gives another one.
 *
 * <p>It carries the label {@code app} with its own name, by which {@link ServiceSpec#of} chooses.
 */
public final class PodSpec {
  /** The port of {@link #server}, named {@code http}. */
  public static final int HTTP_PORT = 8080;

  private static final String AGNHOST = "podwire/agnhost";
  private static final int MAX_NODE = 253;

  private final ObjectNode manifest;

  private PodSpec(ObjectNode manifest) {
    this.manifest = manifest;
  }

  /** The built-in test server: HTTP on 8080 with {@code /hostname} and others, UDP on 8081. */
  public static PodSpec server(String name) {
    return agnhost(name, "netexec").port("http", HTTP_PORT).readyOnHttp("/healthz", HTTP_PORT);
  }

  /** Nothing but a place to run programs in. */
  public static PodSpec idle(String name) {
    return agnhost(name, "pause");
  }

  /** The built-in image with these arguments. */
  public static PodSpec agnhost(String name, String... arguments) {
    return of(
        name,
        container -> {
          container.put("image", AGNHOST);
          ArrayNode args = container.putArray("args");
          List.of(arguments).forEach(args::add);
        });
  }

  /** A program of this machine. */
  public static PodSpec running(String name, String... command) {
    return of(
        name,
        container -> {
          container.put("image", "podwire/host");
          ArrayNode words = container.putArray("command");
          List.of(command).forEach(words::add);
        });
  }

  private static PodSpec of(String name, Consumer<ObjectNode> container) {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    manifest.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = manifest.putObject("metadata").put("name", name);
    metadata.put("namespace", "default");
    metadata.putObject("labels").put("app", name);
    container.accept(
        manifest.putObject("spec").putArray("containers").addObject().put("name", "main"));
    return new PodSpec(manifest);
  }

  /** In another namespace than {@code default}; the namespace is made where it is not there. */
  public PodSpec namespace(String namespace) {
    return with(pod -> metadata(pod).put("namespace", namespace));
  }

  /** With a label more. */
  public PodSpec label(String key, String value) {
    return with(pod -> metadata(pod).withObject("/labels").put(key, value));
  }

  /** On the node of this name. */
  public PodSpec on(String node) {
    return with(pod -> pod.withObject("/spec").put("nodeName", node));
  }

  /** On the node of this number: 1 is {@code node-1}. */
  public PodSpec on(int node) {
    if (node < 1 || node > MAX_NODE) {
      throw new IllegalArgumentException("node " + node + ": nodes are counted from 1");
    }
    return on("node-" + node);
  }

  /** With a named TCP port, which a Service may name. */
  public PodSpec port(String name, int port) {
    return with(pod -> {
      ObjectNode container = container(pod);
      container.withArray("/ports").addObject().put("name", name).put("containerPort", port);
    });
  }

  /** With a variable in its environment. */
  public PodSpec env(String name, String value) {
    return with(
        pod -> container(pod).withArray("/env").addObject().put("name", name).put("value", value));
  }

  /** Ready once the path is answered with a success. */
  public PodSpec readyOnHttp(String path, int port) {
    return ready(probe -> probe.putObject("httpGet").put("path", path).put("port", port));
  }

  /** Ready once the port accepts connections. */
  public PodSpec readyOnTcp(int port) {
    return ready(probe -> probe.putObject("tcpSocket").put("port", port));
  }

  private PodSpec ready(Consumer<ObjectNode> how) {
    return with(pod -> {
      ObjectNode probe = container(pod).putObject("readinessProbe").put("periodSeconds", 1);
      how.accept(probe);
    });
  }

  private PodSpec with(Consumer<ObjectNode> change) {
    ObjectNode copy = manifest.deepCopy();
    change.accept(copy);
    return new PodSpec(copy);
  }

  private static ObjectNode metadata(ObjectNode pod) {
    return pod.withObject("/metadata");
  }

  private static ObjectNode container(ObjectNode pod) {
    return (ObjectNode) pod.at("/spec/containers/0");
  }

  /** The Kubernetes object. */
  ObjectNode manifest() {
    return manifest;
  }
}
