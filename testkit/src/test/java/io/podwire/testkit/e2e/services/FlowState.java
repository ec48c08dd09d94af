package io.podwire.testkit.e2e.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.agent.sync.ServiceBindings;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.EndpointSliceReconciler;
import io.podwire.cluster.reconcile.NodePlaces;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ManifestParser;
import io.podwire.controlplane.kind.ModelReader;
import io.podwire.netstack.service.ServiceTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table's Services, Pods and nodes as a cluster's state, and what a node makes of it: by the
 * code of the control plane and of the agent, without either.
 */
final class FlowState {

  private final List<Service> services;
  private final List<EndpointSlice> slices;
  private final List<Node> nodes;

  private FlowState(List<ModelObject> objects) {
    services = of(objects, Service.class);
    nodes = of(objects, Node.class);
    slices = new ArrayList<>(of(objects, EndpointSlice.class));
    List<Pod> pods = of(objects, Pod.class);
    for (Service service : services) {
      if (EndpointSliceReconciler.isManaged(service)) {
        slices.addAll(
            EndpointSliceReconciler.desired(
                service, pods, NodePlaces.of(nodes), List.of(), name -> false));
      }
    }
  }

  private static <T> List<T> of(List<ModelObject> objects, Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** With the Pods where they are. */
  static FlowState of(ServiceFlows table, Map<String, FlowHost> at) {
    StringBuilder text = new StringBuilder();
    for (FlowHost node : FlowHost.NODES.values()) {
      text.append(FlowPods.node(node)).append(FlowPods.status(node, true)).append("---\n");
    }
    for (FlowHost pod : at.values()) {
      String manifest = FlowPods.manifest(pod, table, "[serve]");
      if (pod.name().equals("leaving")) {
        manifest =
            manifest.replace(
                "metadata:\n", "metadata:\n  deletionTimestamp: \"2000-01-01T00:00:00Z\"\n");
      }
      text.append(manifest).append(FlowPods.status(pod)).append("---\n");
    }
    text.append(table.manifests(at, true));
    return new FlowState(read(text.toString()));
  }

  private static List<ModelObject> read(String manifests) {
    return ManifestParser.parse(manifests.getBytes(StandardCharsets.UTF_8)).stream()
        .map(document -> read(document.manifest()))
        .toList();
  }

  /** What is in a list, as the API answers it. */
  static <T> List<T> read(JsonNode list, Class<T> type) {
    List<ModelObject> objects = new ArrayList<>();
    for (JsonNode item : list.path("items")) {
      ObjectNode manifest = item.deepCopy();
      manifest.put("kind", list.path("kind").asText().replaceAll("List$", ""));
      manifest.put("apiVersion", list.path("apiVersion").asText());
      objects.add(read(manifest));
    }
    return of(objects, type);
  }

  private static ModelObject read(ObjectNode manifest) {
    String apiVersion = manifest.path("apiVersion").asText();
    String resource =
        KindTable.byName(apiVersion, manifest.path("kind").asText())
            .orElseThrow(() -> new IllegalStateException(manifest.toString()))
            .resource();
    JsonNode metadata = manifest.path("metadata");
    ResourceKey key =
        new ResourceKey(
            resource, metadata.path("namespace").asText(""), metadata.path("name").asText());
    return ModelReader.read(new StoredObject(key, ManifestJson.toStored(manifest), 1))
        .orElseThrow(() -> new IllegalStateException(key.toString()));
  }

  /** All endpoints in words. */
  Set<String> endpoints() {
    return endpoints(slices);
  }

  /** What is said of endpoints, whatever their slices are called. */
  static Set<String> endpoints(List<EndpointSlice> slices) {
    Set<String> words = new TreeSet<>();
    for (EndpointSlice slice : slices) {
      slice.endpoints().forEach(each -> words.add(slice.serviceName() + slice.ports() + each));
    }
    return words;
  }

  /** Binds every port of every Service at every address that the node serves it at. */
  void bind(String node, ServiceTable table) {
    FlowHost own = ServiceFlows.host(node.equals(FlowHost.NODE_1) ? "node" : node, FlowHost.PODS);
    ServiceBindings bindings = new ServiceBindings(table, node, List.of(own.ipv4(), own.ipv6()));
    nodes.stream().filter(each -> each.name().equals(node)).forEach(bindings::locate);
    slices.forEach(bindings::upsert);
    services.forEach(bindings::upsert);
    bindings.bind();
  }
}
