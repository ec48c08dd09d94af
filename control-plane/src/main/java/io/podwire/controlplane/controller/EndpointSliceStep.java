package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.EndpointSliceReconciler;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.manifest.ManifestEditor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps the EndpointSlices of Services with a selector. */
final class EndpointSliceStep implements Step {

  private final Store store;
  private final ManifestEditor editor;

  EndpointSliceStep(Store store, ManifestEditor editor) {
    this.store = store;
    this.editor = editor;
  }

  @Override
  public void reconcile(Observation observation) {
    Set<String> readyNodes =
        observation.allNodes().stream()
            .filter(Node::ready)
            .map(Node::name)
            .collect(Collectors.toSet());
    Map<ObjectName, List<EndpointSlice>> existing = new HashMap<>();
    Set<ObjectName> unwanted = new HashSet<>(observation.madeHere());
    for (ObjectName name : observation.madeHere()) {
      EndpointSlice slice = observation.slices().get(name);
      if (slice != null) {
        existing
            .computeIfAbsent(
                new ObjectName(name.namespace(), slice.serviceName()), key -> new ArrayList<>())
            .add(slice);
      }
    }
    for (Service service : observation.services().values()) {
      if (EndpointSliceReconciler.isManaged(service)) {
        for (EndpointSlice slice :
            EndpointSliceReconciler.desired(
                service,
                observation.allPods(),
                readyNodes,
                existing.getOrDefault(service.key(), List.of()),
                name -> isWrittenByHand(observation, service, name))) {
          unwanted.remove(slice.key());
          write(slice, service, observation);
        }
      }
    }
    unwanted.forEach(name -> editor.delete(key(name)));
  }

  private static boolean isWrittenByHand(Observation observation, Service service, String name) {
    ObjectName key = new ObjectName(service.key().namespace(), name);
    return observation.slices().containsKey(key) && !observation.madeHere().contains(key);
  }

  private void write(EndpointSlice slice, Service service, Observation observation) {
    if (slice.equals(observation.slices().get(slice.key()))) {
      return;
    }
    ResourceKey key = key(slice.key());
    if (!editor.edit(key, it -> SliceManifest.write(slice, service, observation.pods(), it))) {
      editor.create(
          KindTable.ENDPOINT_SLICE,
          key,
          manifest -> {
            SliceManifest.write(slice, service, observation.pods(), manifest);
            own(service, manifest);
          });
    }
  }

  private void own(Service service, ObjectNode manifest) {
    store
        .get(KindTable.SERVICE.key(service.key().namespace(), service.key().name()))
        .map(ManifestJson::read)
        .ifPresent(owner ->
            Manifests.child(manifest, "metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("name", service.key().name())
                .put("uid", owner.path("metadata").path("uid").asText())
                .put("controller", true)
                .put("blockOwnerDeletion", true));
  }

  private static ResourceKey key(ObjectName name) {
    return KindTable.ENDPOINT_SLICE.key(name.namespace(), name.name());
  }
}
