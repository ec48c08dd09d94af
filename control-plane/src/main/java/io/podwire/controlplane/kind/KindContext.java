package io.podwire.controlplane.kind;

import io.podwire.cluster.model.ClusterConfig;

/**
 * What validation has to know of the cluster.
 *
 * @param config the address ranges
 * @param firstNodePort inclusive
 * @param lastNodePort inclusive
 */
public record KindContext(ClusterConfig config, int firstNodePort, int lastNodePort) {

  /** With Kubernetes' NodePort range. */
  public static KindContext of(ClusterConfig config) {
    return new KindContext(config, 30000, 32767);
  }
}
