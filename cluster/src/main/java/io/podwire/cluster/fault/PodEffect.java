package io.podwire.cluster.fault;

/** What is done to Pods. */
public enum PodEffect {
  /** The Pod is deleted. */
  POD_KILL,
  /** The Pod's programs are killed and kept from running until the fault ends. */
  POD_FAILURE,
  /** The Pod's programs are killed once; the restart policy decides what comes then. */
  CONTAINER_KILL
}
