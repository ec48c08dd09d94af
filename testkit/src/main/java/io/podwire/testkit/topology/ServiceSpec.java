package io.podwire.testkit.topology;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.Consumer;

/** A Service to be made. Immutable; every call gives another one. */
public final class ServiceSpec {
  private final ObjectNode manifest;

  private ServiceSpec(ObjectNode manifest) {
    this.manifest = manifest;
  }

  /**
   * A ClusterIP Service for the Pods whose label {@code app} is its own name; without ports yet.
   */
  public static ServiceSpec of(String name) {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    manifest.put("apiVersion", "v1").put("kind", "Service");
    manifest.putObject("metadata").put("name", name).put("namespace", "default");
    manifest.putObject("spec").putObject("selector").put("app", name);
    return new ServiceSpec(manifest);
  }

  /** In another namespace than {@code default}. */
  public ServiceSpec namespace(String namespace) {
    return with(service -> service.withObject("/metadata").put("namespace", namespace));
  }

  /** For the Pods with this label, and no other condition. */
  public ServiceSpec selecting(String key, String value) {
    return with(service -> service.withObject("/spec").putObject("selector").put(key, value));
  }

  /** Without an address of its own: its name resolves to the Pods'. */
  public ServiceSpec headless() {
    return with(service -> service.withObject("/spec").put("clusterIP", "None"));
  }

  /** A TCP port, and the Pods' port behind it. */
  public ServiceSpec port(int port, int targetPort) {
    return port("TCP", port, targetPort);
  }

  /** A UDP port, and the Pods' port behind it. */
  public ServiceSpec udpPort(int port, int targetPort) {
    return port("UDP", port, targetPort);
  }

  private ServiceSpec port(String protocol, int port, int targetPort) {
    return with(service ->
        service
            .withObject("/spec")
            .withArray("/ports")
            .addObject()
            .put("name", protocol.toLowerCase(Locale.ROOT) + "-" + port)
            .put("protocol", protocol)
            .put("port", port)
            .put("targetPort", targetPort));
  }

  private ServiceSpec with(Consumer<ObjectNode> change) {
    ObjectNode copy = manifest.deepCopy();
    change.accept(copy);
    return new ServiceSpec(copy);
  }

  /** The Kubernetes object. */
  ObjectNode manifest() {
    return manifest;
  }
}
