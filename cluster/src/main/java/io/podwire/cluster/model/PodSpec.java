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
    boolean hostNetwork,
    PodResolution resolution) {

  /** One that says nothing about how names are resolved. */
  public PodSpec(
      List<Container> containers,
      RestartPolicy restartPolicy,
      Map<String, String> nodeSelector,
      @Nullable String hostname,
      @Nullable String subdomain,
      boolean hostNetwork) {
    this(
        containers,
        restartPolicy,
        nodeSelector,
        hostname,
        subdomain,
        hostNetwork,
        PodResolution.DEFAULT);
  }

  public PodSpec {
    containers = List.copyOf(containers);
    nodeSelector = Map.copyOf(nodeSelector);
  }

  /** The image of a Pod whose network namespace another program has attached. */
  public static final String ATTACHED_IMAGE = "podwire/attached";

  /** The name of such a Pod's one container. */
  public static final String ATTACHED_CONTAINER = "attached";

  /** Whether the node runs nothing for it, because a network namespace of others is this Pod. */
  public boolean isAttached() {
    return containers.size() == 1 && containers.get(0).image().equals(ATTACHED_IMAGE);
  }

  /** When an exited container is started again. */
  public enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER
  }
}
