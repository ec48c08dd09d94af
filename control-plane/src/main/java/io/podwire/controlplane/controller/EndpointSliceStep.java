package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.EndpointSliceReconciler;
import io.podwire.cluster.reconcile.NodePlaces;
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

/**
 * Keeps the EndpointSlices of Services with a selector. A Service that was found in order is not
 * looked at again until it, its slices, a Pod or a node's readiness has changed.
 *
 * <p>Not thread-safe.
 */
final class EndpointSliceStep implements Step {

  private final Store store;
  private final ManifestEditor editor;
  private final Map<ObjectName, InOrder> settled = new HashMap<>();
  private List<Pod> lastPods = List.of();
  private NodePlaces lastNodes = NodePlaces.of(List.of());

  /** A Service and its slices as they were when nothing was to be done. */
  private record InOrder(Service service, List<EndpointSlice> slices) {
    boolean holds(Service now, List<EndpointSlice> slicesNow) {
      return service == now && areSame(slices, slicesNow);
    }
  }

  EndpointSliceStep(Store store, ManifestEditor editor) {
    this.store = store;
    this.editor = editor;
  }

  @Override
  public void reconcile(Observation observation) {
    NodePlaces nodes = NodePlaces.of(observation.allNodes());
    List<Pod> pods = List.copyOf(observation.allPods());
    if (!areSame(pods, lastPods) || !nodes.equals(lastNodes)) {
      settled.clear();
      lastPods = pods;
      lastNodes = nodes;
    }
    settled.keySet().retainAll(observation.services().keySet());
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
        List<EndpointSlice> present = existing.getOrDefault(service.key(), List.of());
        InOrder before = settled.get(service.key());
        List<EndpointSlice> kept = present;
        if (before == null || !before.holds(service, present)) {
          settled.remove(service.key());
          kept = reconcile(service, present, nodes, observation);
          if (Set.copyOf(kept).equals(Set.copyOf(present))) {
            settled.put(service.key(), new InOrder(service, present));
          }
        }
        kept.forEach(slice -> unwanted.remove(slice.key()));
      }
    }
    unwanted.forEach(name -> editor.delete(key(name)));
  }

  /** Writes what is missing or different; returns all that there is to be. */
  private List<EndpointSlice> reconcile(
      Service service, List<EndpointSlice> present, NodePlaces nodes, Observation observation) {
    List<EndpointSlice> desired =
        EndpointSliceReconciler.desired(
            service,
            observation.allPods(),
            nodes,
            present,
            name -> isWrittenByHand(observation, service, name));
    desired.forEach(slice -> write(slice, service, observation));
    return desired;
  }

  /** Whether both hold the very same objects: what has not changed is not read again. */
  private static <T> boolean areSame(List<T> one, List<T> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (one.get(i) != other.get(i)) {
        return false;
      }
    }
    return true;
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
