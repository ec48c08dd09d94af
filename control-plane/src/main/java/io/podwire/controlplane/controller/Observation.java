package io.podwire.controlplane.controller;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * What one pass of the reconcilers sees.
 *
 * @param madeHere the EndpointSlices that the control plane made of Pods, and nobody by hand
 * @param mirrored those that it made of Endpoints
 */
record Observation(
    Map<ObjectName, Node> nodes,
    Map<ObjectName, Pod> pods,
    Map<ObjectName, Service> services,
    Map<ObjectName, EndpointSlice> slices,
    Set<ObjectName> madeHere,
    Set<ObjectName> mirrored) {

  Collection<Node> allNodes() {
    return nodes.values();
  }

  Collection<Pod> allPods() {
    return pods.values();
  }
}
