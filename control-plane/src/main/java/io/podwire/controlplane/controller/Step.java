package io.podwire.controlplane.controller;

/**
 * One reconciler with its writes. Called on the reconcilers' thread; what it throws has the pass
 * repeated.
 */
interface Step {
  void reconcile(Observation observation);
}
