package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.reconcile.Scheduler;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.manifest.Conditions;
import io.podwire.controlplane.manifest.ManifestEditor;

/** Binds Pods to nodes, and says why where none will do. */
final class SchedulingStep implements Step {

  private final ManifestEditor editor;

  SchedulingStep(ManifestEditor editor) {
    this.editor = editor;
  }

  @Override
  public void reconcile(Observation observation) {
    for (Scheduler.Placement placement :
        Scheduler.place(observation.allPods(), observation.allNodes())) {
      editor.edit(
          KindTable.POD.key(placement.pod().namespace(), placement.pod().name()),
          pod -> write(placement, pod));
    }
  }

  private void write(Scheduler.Placement placement, ObjectNode pod) {
    ObjectNode spec = Manifests.child(pod, "spec");
    if (!spec.path("nodeName").asText().isEmpty()) {
      return;
    }
    String now = editor.timestamp();
    if (placement.node().isPresent()) {
      spec.put("nodeName", placement.node().get());
      Conditions.set(pod, "PodScheduled", "True", "", "", now);
    } else {
      Conditions.set(pod, "PodScheduled", "False", "Unschedulable", placement.reason(), now);
    }
  }
}
