package io.podwire.cluster.model;

/** The kinds of {@link ModelObject}. */
public enum ModelKind {
  NAMESPACE,
  NODE,
  POD,
  SERVICE,
  ENDPOINT_SLICE,
  NETWORK_FAULT
}
