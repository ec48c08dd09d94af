package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.kind.ModelReader;
import java.util.Map;
import java.util.Set;

/** EndpointSlices as manifests (discovery.k8s.io/v1). Stateless. */
final class SliceManifest {

  /** Tells who maintains a slice; kubectl and CoreDNS know it. */
  static final String MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";

  static final String MANAGER = "endpointslice-controller.k8s.io";

  private static final String HEADLESS_LABEL = "service.kubernetes.io/headless";

  private SliceManifest() {}

  /** Writes a slice into its manifest, which may be empty yet. */
  static void write(
      EndpointSlice slice, Service service, Map<ObjectName, Pod> pods, ObjectNode manifest) {
    ObjectNode labels = Manifests.child(Manifests.child(manifest, "metadata"), "labels");
    labels.put(ModelReader.SERVICE_NAME_LABEL, service.key().name());
    labels.put(MANAGED_BY_LABEL, MANAGER);
    if (service.headless()) {
      labels.put(HEADLESS_LABEL, "");
    } else {
      labels.remove(HEADLESS_LABEL);
    }
    boolean ipv4 =
        slice.endpoints().isEmpty() || slice.endpoints().get(0).addresses().get(0).isIpv4();
    manifest.put("addressType", ipv4 ? "IPv4" : "IPv6");
    writePorts(slice, manifest);
    ArrayNode endpoints = manifest.putArray("endpoints");
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      write(endpoint, slice.key().namespace(), pods, endpoints.addObject());
    }
  }

  static void writePorts(EndpointSlice slice, ObjectNode manifest) {
    ArrayNode ports = manifest.putArray("ports");
    for (EndpointSlice.Port port : slice.ports()) {
      ports
          .addObject()
          .put("name", port.name())
          .put("protocol", port.protocol().name())
          .put("port", port.port());
    }
  }

  private static void write(
      EndpointSlice.Endpoint endpoint,
      String namespace,
      Map<ObjectName, Pod> pods,
      ObjectNode target) {
    ArrayNode addresses = target.putArray("addresses");
    endpoint.addresses().forEach(address -> addresses.add(address.toString()));
    target
        .putObject("conditions")
        .put("ready", endpoint.ready())
        .put("serving", endpoint.serving())
        .put("terminating", endpoint.terminating());
    if (endpoint.hostname() != null) {
      target.put("hostname", endpoint.hostname());
    }
    if (endpoint.nodeName() != null) {
      target.put("nodeName", endpoint.nodeName());
    }
    writeTopology(endpoint.topology(), target);
    writeTarget(endpoint, namespace, pods, target);
  }

  /** Which Pod an endpoint is, where it is one. */
  static void writeTarget(
      EndpointSlice.Endpoint endpoint,
      String namespace,
      Map<ObjectName, Pod> pods,
      ObjectNode target) {
    String podName = endpoint.podName();
    if (podName != null) {
      ObjectNode reference =
          target
              .putObject("targetRef")
              .put("kind", "Pod")
              .put("namespace", namespace)
              .put("name", podName);
      Pod pod = pods.get(new ObjectName(namespace, podName));
      if (pod != null) {
        reference.put("uid", pod.uid());
      }
    }
  }

  private static void writeTopology(EndpointSlice.Topology topology, ObjectNode target) {
    if (!topology.zone().isEmpty()) {
      target.put("zone", topology.zone());
    }
    writeHints("forZones", topology.forZones(), target);
    writeHints("forNodes", topology.forNodes(), target);
  }

  private static void writeHints(String field, Set<String> names, ObjectNode target) {
    if (!names.isEmpty()) {
      ArrayNode hints = Manifests.child(target, "hints").putArray(field);
      names.stream().sorted().forEach(name -> hints.addObject().put("name", name));
    }
  }
}
