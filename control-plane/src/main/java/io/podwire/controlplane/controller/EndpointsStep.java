package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.EndpointSliceReconciler;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.manifest.ManifestEditor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps the Endpoints of Services with a selector (core/v1, older than EndpointSlices), as
 * Kubernetes' endpoint controller does: the Pods of the primary family, ready or not, without those
 * that terminate. They are made of the EndpointSlices; nothing here reads them.
 *
 * <p>A Service that was found in order is not looked at again until it or its slices have changed.
 * Not thread-safe.
 */
final class EndpointsStep implements Step {

  static final String MANAGED_BY_LABEL = "endpoints.kubernetes.io/managed-by";
  static final String MANAGER = "endpoint-controller";

  /** More addresses are left out, and the annotation says so. */
  static final int MAX_ADDRESSES = 1000;

  private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
  private static final String HEADLESS_LABEL = "service.kubernetes.io/headless";

  private final Store store;
  private final ManifestEditor editor;
  private final Map<ObjectName, InOrder> settled = new HashMap<>();

  /** What an object was when it was right. */
  private record InOrder(Service service, List<EndpointSlice> slices, long revision) {}

  EndpointsStep(Store store, ManifestEditor editor) {
    this.store = store;
    this.editor = editor;
  }

  @Override
  public void reconcile(Observation observation) {
    Map<ObjectName, List<EndpointSlice>> slices = new HashMap<>();
    for (ObjectName name : observation.madeHere()) {
      EndpointSlice slice = observation.slices().get(name);
      if (slice != null) {
        slices
            .computeIfAbsent(
                new ObjectName(name.namespace(), slice.serviceName()), key -> new ArrayList<>())
            .add(slice);
      }
    }
    Map<ObjectName, StoredObject> present = new HashMap<>();
    for (StoredObject stored : store.list(KindTable.ENDPOINTS.resource(), "").objects()) {
      present.put(stored.key().objectName(), stored);
    }
    Set<ObjectName> managed = new HashSet<>();
    for (Service service : observation.services().values()) {
      if (EndpointSliceReconciler.isManaged(service)) {
        managed.add(service.key());
        List<EndpointSlice> own = slices.getOrDefault(service.key(), List.of());
        StoredObject stored = present.get(service.key());
        InOrder now = new InOrder(service, own, stored == null ? 0 : stored.revision());
        if (!now.equals(settled.get(service.key()))) {
          write(service, own, observation.pods());
          settled.put(service.key(), now);
        }
      }
    }
    settled.keySet().retainAll(managed);
    present.keySet().removeAll(managed);
    present.values().stream()
        .filter(EndpointsStep::isMadeHere)
        .forEach(stored -> editor.delete(stored.key()));
  }

  private static boolean isMadeHere(StoredObject stored) {
    return ManifestJson.read(stored)
        .path("metadata")
        .path("labels")
        .path(MANAGED_BY_LABEL)
        .asText()
        .equals(MANAGER);
  }

  private void write(Service service, List<EndpointSlice> slices, Map<ObjectName, Pod> pods) {
    ResourceKey key = KindTable.ENDPOINTS.key(service.key().namespace(), service.key().name());
    if (!editor.edit(key, manifest -> write(service, slices, pods, manifest))) {
      editor.create(KindTable.ENDPOINTS, key, manifest -> write(service, slices, pods, manifest));
    }
  }

  private static void write(
      Service service, List<EndpointSlice> slices, Map<ObjectName, Pod> pods, ObjectNode manifest) {
    ObjectNode metadata = Manifests.child(manifest, "metadata");
    ObjectNode labels = Manifests.child(metadata, "labels");
    labels.put(MANAGED_BY_LABEL, MANAGER);
    if (service.headless()) {
      labels.put(HEADLESS_LABEL, "");
    } else {
      labels.remove(HEADLESS_LABEL);
    }
    Map<String, ObjectNode> subsets = new TreeMap<>();
    int left = MAX_ADDRESSES;
    boolean complete = true;
    for (boolean ready : new boolean[] {true, false}) {
      for (EndpointSlice slice : slices) {
        for (EndpointSlice.Endpoint endpoint : sorted(slice)) {
          if (ready == endpoint.ready() && isListed(endpoint, service)) {
            complete &= left > 0;
            if (left-- > 0) {
              ObjectNode subset =
                  subsets.computeIfAbsent(slice.ports().toString(), ports -> subset(slice));
              write(endpoint, ready, service.key().namespace(), pods, subset);
            }
          }
        }
      }
    }
    ArrayNode list = manifest.putArray("subsets");
    subsets.values().forEach(list::add);
    if (complete) {
      if (metadata.get("annotations") instanceof ObjectNode annotations) {
        annotations.remove(OVER_CAPACITY);
      }
    } else {
      Manifests.child(metadata, "annotations").put(OVER_CAPACITY, "truncated");
    }
  }

  private static List<EndpointSlice.Endpoint> sorted(EndpointSlice slice) {
    return slice.endpoints().stream()
        .sorted(Comparator.comparing(endpoint -> endpoint.addresses().getFirst()))
        .toList();
  }

  private static boolean isListed(EndpointSlice.Endpoint endpoint, Service service) {
    boolean primary =
        service.families().isEmpty()
            || service.families().getFirst() == Service.Family.of(endpoint.addresses().getFirst());
    return primary && (!endpoint.terminating() || service.publishNotReadyAddresses());
  }

  private static ObjectNode subset(EndpointSlice slice) {
    ObjectNode subset = ManifestJson.object();
    if (!slice.ports().isEmpty()) {
      ArrayNode ports = subset.putArray("ports");
      for (EndpointSlice.Port port : slice.ports()) {
        ObjectNode target = ports.addObject();
        if (!port.name().isEmpty()) {
          target.put("name", port.name());
        }
        target.put("port", port.port()).put("protocol", port.protocol().name());
      }
    }
    return subset;
  }

  private static void write(
      EndpointSlice.Endpoint endpoint,
      boolean ready,
      String namespace,
      Map<ObjectName, Pod> pods,
      ObjectNode subset) {
    String list = ready ? "addresses" : "notReadyAddresses";
    ArrayNode addresses =
        subset.get(list) instanceof ArrayNode given ? given : subset.putArray(list);
    ObjectNode target = addresses.addObject();
    target.put("ip", endpoint.addresses().getFirst().toString());
    if (endpoint.hostname() != null) {
      target.put("hostname", endpoint.hostname());
    }
    if (endpoint.nodeName() != null) {
      target.put("nodeName", endpoint.nodeName());
    }
    SliceManifest.writeTarget(endpoint, namespace, pods, target);
  }
}
