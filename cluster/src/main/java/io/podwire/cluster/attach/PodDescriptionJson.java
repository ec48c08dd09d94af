package io.podwire.cluster.attach;

import static io.podwire.cluster.attach.AttachJson.number;
import static io.podwire.cluster.attach.AttachJson.optional;
import static io.podwire.cluster.attach.AttachJson.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.Container.ContainerPort;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.cluster.model.Protocol;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A Pod's description as fields of a message, with a manifest's names. Stateless. */
final class PodDescriptionJson {

  private static final int DEFAULT_PERIOD_SECONDS = 10;
  private static final int DEFAULT_FAILURES = 3;
  private static final int LAST_PORT = 65_535;

  private PodDescriptionJson() {}

  static void write(PodDescription pod, ObjectNode node) {
    node.put("namespace", pod.key().namespace()).put("name", pod.key().name());
    ObjectNode labels = node.putObject("labels");
    new TreeMap<>(pod.labels()).forEach(labels::put);
    ArrayNode ports = node.putArray("ports");
    for (ContainerPort port : pod.ports()) {
      ObjectNode entry = ports.addObject();
      if (!port.name().isEmpty()) {
        entry.put("name", port.name());
      }
      entry.put("containerPort", port.port()).put("protocol", port.protocol().name());
    }
    Probe readiness = pod.readiness();
    if (readiness != null) {
      write(readiness, node.putObject("readinessProbe"));
    }
    if (pod.hostname() != null) {
      node.put("hostname", pod.hostname());
    }
  }

  static PodDescription read(JsonNode node) {
    Map<String, String> labels = new TreeMap<>();
    node.path("labels")
        .properties()
        .forEach(entry -> labels.put(entry.getKey(), entry.getValue().asText()));
    String namespace = optional(node, "namespace");
    String hostname = optional(node, "hostname");
    return new PodDescription(
        new ObjectName(namespace.isEmpty() ? "default" : namespace, text(node, "name")),
        labels,
        AttachJson.list(node, "ports", PodDescriptionJson::port),
        node.hasNonNull("readinessProbe") ? probe(node.get("readinessProbe")) : null,
        hostname.isEmpty() ? null : hostname);
  }

  private static ContainerPort port(JsonNode node) {
    int number = number(node, "containerPort");
    if (number < 1 || number > LAST_PORT) {
      throw new IllegalArgumentException(
          "containerPort: " + number + " is no port; write 1-" + LAST_PORT);
    }
    String protocol = optional(node, "protocol").toUpperCase(Locale.ROOT);
    return new ContainerPort(
        optional(node, "name"),
        number,
        protocol.isEmpty() ? Protocol.TCP : Protocol.valueOf(protocol));
  }

  private static void write(Probe probe, ObjectNode node) {
    Probe.Action action = probe.action();
    if (action instanceof Probe.TcpSocket tcp) {
      write(tcp.port(), node.putObject("tcpSocket"));
    } else if (action instanceof Probe.HttpGet http) {
      ObjectNode get = node.putObject("httpGet").put("path", http.path());
      write(http.port(), get.put("scheme", http.scheme()));
    }
    node.put("initialDelaySeconds", probe.initialDelaySeconds());
    node.put("periodSeconds", probe.periodSeconds()).put("timeoutSeconds", probe.timeoutSeconds());
    node.put("successThreshold", probe.successThreshold());
    node.put("failureThreshold", probe.failureThreshold());
  }

  private static void write(PortRef port, ObjectNode node) {
    if (port instanceof PortRef.Number number) {
      node.put("port", number.port());
    } else {
      node.put("port", port.toString());
    }
  }

  private static Probe probe(JsonNode node) {
    Probe.@Nullable Action action = null;
    if (node.hasNonNull("tcpSocket")) {
      action = new Probe.TcpSocket("", portRef(node.get("tcpSocket")));
    } else if (node.hasNonNull("httpGet")) {
      JsonNode get = node.get("httpGet");
      String scheme = optional(get, "scheme");
      String path = optional(get, "path");
      action =
          new Probe.HttpGet(
              scheme.isEmpty() ? "HTTP" : scheme, "", portRef(get), path.isEmpty() ? "/" : path);
    }
    if (action == null) {
      throw new IllegalArgumentException("readinessProbe: write tcpSocket or httpGet");
    }
    return new Probe(
        action,
        node.path("initialDelaySeconds").asInt(0),
        Math.max(1, node.path("periodSeconds").asInt(DEFAULT_PERIOD_SECONDS)),
        Math.max(1, node.path("timeoutSeconds").asInt(1)),
        Math.max(1, node.path("successThreshold").asInt(1)),
        Math.max(1, node.path("failureThreshold").asInt(DEFAULT_FAILURES)));
  }

  private static PortRef portRef(JsonNode node) {
    return node.path("port").isTextual()
        ? new PortRef.Named(node.get("port").asText())
        : new PortRef.Number(number(node, "port"));
  }
}
