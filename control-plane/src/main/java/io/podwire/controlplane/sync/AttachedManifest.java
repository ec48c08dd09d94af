package io.podwire.controlplane.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.controlplane.kind.ManifestJson;

/** The manifest of a Pod that an agent wants to place on its node. Stateless. */
final class AttachedManifest {

  private AttachedManifest() {}

  static ObjectNode of(Pod pod, String node) {
    ObjectNode manifest = ManifestJson.object().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = manifest.putObject("metadata");
    metadata.put("name", pod.key().name()).put("namespace", pod.key().namespace());
    if (!pod.labels().isEmpty()) {
      ObjectNode labels = metadata.putObject("labels");
      pod.labels().forEach(labels::put);
    }
    ObjectNode spec = manifest.putObject("spec").put("nodeName", node);
    spec.put("terminationGracePeriodSeconds", pod.gracePeriodSeconds());
    if (pod.spec().hostname() != null) {
      spec.put("hostname", pod.spec().hostname());
    }
    ArrayNode containers = spec.putArray("containers");
    pod.spec().containers().forEach(container -> describe(container, containers.addObject()));
    return manifest;
  }

  private static void describe(Container container, ObjectNode target) {
    target.put("name", container.name()).put("image", container.image());
    if (!container.ports().isEmpty()) {
      ArrayNode ports = target.putArray("ports");
      for (Container.ContainerPort port : container.ports()) {
        ObjectNode entry = ports.addObject();
        if (!port.name().isEmpty()) {
          entry.put("name", port.name());
        }
        entry.put("containerPort", port.port()).put("protocol", port.protocol().name());
      }
    }
    Probe probe = container.readinessProbe();
    if (probe != null) {
      describe(probe, target.putObject("readinessProbe"));
    }
  }

  private static void describe(Probe probe, ObjectNode target) {
    switch (probe.action()) {
      case Probe.TcpSocket tcp -> port(tcp.port(), target.putObject("tcpSocket"));
      case Probe.HttpGet http -> {
        ObjectNode get = target.putObject("httpGet").put("path", http.path());
        port(http.port(), get.put("scheme", http.scheme()));
      }
      case Probe.Exec exec ->
          throw new IllegalArgumentException("an attached Pod has no command to run as its probe");
    }
    target.put("initialDelaySeconds", probe.initialDelaySeconds());
    target.put("periodSeconds", probe.periodSeconds());
    target.put("timeoutSeconds", probe.timeoutSeconds());
    target.put("successThreshold", probe.successThreshold());
    target.put("failureThreshold", probe.failureThreshold());
  }

  private static void port(PortRef port, ObjectNode target) {
    switch (port) {
      case PortRef.Number number -> target.put("port", number.port());
      case PortRef.Named named -> target.put("port", named.name());
    }
  }
}
