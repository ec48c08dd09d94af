package io.podwire.testkit.testcontainers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Pod whose program is a container of yours. Immutable; every call gives another one.
 *
 * <p>It carries the label {@code app} with its own name, by which {@code ServiceSpec.of} chooses.
 *
 * @param node the node's name; empty: the cluster chooses
 * @param ports as the option {@code --port} of podwire-sandbox has them
 * @param readiness as its option {@code --readiness} has it; empty: as the container is, healthy
 *     where its image has a health check, else running
 */
public record ContainerPod(
    String namespace,
    String name,
    Map<String, String> labels,
    String node,
    List<String> ports,
    String readiness) {

  /** Keeps its own copies. */
  public ContainerPod {
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
  }

  /** One of this name, {@code name} or {@code namespace/name}. */
  public static ContainerPod of(String name) {
    int slash = name.indexOf('/');
    String bare = name.substring(slash + 1);
    return new ContainerPod(
        slash < 0 ? "default" : name.substring(0, slash),
        bare,
        Map.of("app", bare),
        "",
        List.of(),
        "");
  }

  /** With a label more. */
  public ContainerPod label(String key, String value) {
    Map<String, String> more = new TreeMap<>(labels);
    more.put(key, value);
    return new ContainerPod(namespace, name, more, node, ports, readiness);
  }

  /** On the node of this name. */
  public ContainerPod on(String nodeName) {
    return new ContainerPod(namespace, name, labels, nodeName, ports, readiness);
  }

  /** On the node of this number: 1 is {@code node-1}. */
  public ContainerPod on(int number) {
    return on("node-" + number);
  }

  /** With a named TCP port, which a Service may name. */
  public ContainerPod port(String portName, int port) {
    List<String> more = new ArrayList<>(ports);
    more.add(portName + "=" + port + "/tcp");
    return new ContainerPod(namespace, name, labels, node, more, readiness);
  }

  /** Ready once the port accepts connections, whatever the container's health is. */
  public ContainerPod readyOnTcp(int port) {
    return new ContainerPod(namespace, name, labels, node, ports, "tcp:" + port);
  }

  /** Ready once the path is answered with a success, whatever the container's health is. */
  public ContainerPod readyOnHttp(String path, int port) {
    return new ContainerPod(namespace, name, labels, node, ports, "http:" + port + path);
  }

  /**
   * Its name with the namespace before it where that is not {@code default}, as handles have it.
   */
  String text() {
    return namespace.equals("default") ? name : namespace + "/" + name;
  }

  /** Whether the container's state is what counts. */
  boolean readyAsContainer() {
    return readiness.isEmpty();
  }
}
