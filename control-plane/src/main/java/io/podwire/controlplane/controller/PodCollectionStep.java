package io.podwire.controlplane.controller;

import io.podwire.cluster.reconcile.PodCollector;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.manifest.ManifestEditor;

/** Removes deleted Pods whose node will never report them as gone. */
final class PodCollectionStep implements Step {

  private final ManifestEditor editor;

  PodCollectionStep(ManifestEditor editor) {
    this.editor = editor;
  }

  @Override
  public void reconcile(Observation observation) {
    PodCollector.collect(observation.allPods(), observation.allNodes())
        .forEach(pod -> editor.delete(KindTable.POD.key(pod.namespace(), pod.name())));
  }
}
