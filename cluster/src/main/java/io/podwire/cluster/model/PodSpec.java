package io.podwire.cluster.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a Pod runs.
 *
 * @param hostname null where the Pod's name serves
 * @param hostNetwork whether the programs run in the node's own network namespace
 */
public record PodSpec(
    List<Container> containers,
    RestartPolicy restartPolicy,
    Map<String, String> nodeSelector,
    @Nullable String hostname,
    @Nullable String subdomain,
    boolean hostNetwork) {

  public PodSpec {
    containers = List.copyOf(containers);
    nodeSelector = Map.copyOf(nodeSelector);
  }

  /** When an exited container is started again. */
  public enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER
  }
}
