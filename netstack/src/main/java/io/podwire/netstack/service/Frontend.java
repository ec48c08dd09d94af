package io.podwire.netstack.service;

/** What kind of address of a Service it is that clients connect to. */
public enum Frontend {
  CLUSTER_IP,
  NODE_PORT,
  /** {@code spec.externalIPs}. */
  EXTERNAL_IP,
  /** {@code status.loadBalancer.ingress}. */
  LOAD_BALANCER;

  /** Whether it is meant for clients outside of the cluster. */
  public boolean isExternal() {
    return this != CLUSTER_IP;
  }
}
