package io.podwire.agent.pod;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PodStatus;
import io.podwire.packet.addr.IpAddress;
import java.util.List;

/** What is reported of an attached Pod. Stateless. */
final class AttachedStatus {

  private static final int NEVER_ENDED = -1;

  private AttachedStatus() {}

  /** How far it is. */
  enum Stage {
    AWAITED("", "ContainerCreating", "waits for its network namespace to be attached"),
    ATTACHED("", "", ""),
    LOST("HolderLost", "HolderLost", "nobody holds its network namespace any more"),
    FAILING("PodFailure", "PodFailure", "a fault keeps it from the network");

    private final String reason;
    private final String containerReason;
    private final String message;

    Stage(String reason, String containerReason, String message) {
      this.reason = reason;
      this.containerReason = containerReason;
      this.message = message;
    }
  }

  /**
   * @param addresses none where it was never attached
   * @param gone whether nothing of it is left
   */
  static PodStatus of(
      Pod pod, Stage stage, List<IpAddress> addresses, boolean ready, boolean gone) {
    List<Container> containers = pod.spec().containers();
    String container = containers.isEmpty() ? PodSpec.ATTACHED_CONTAINER : containers.get(0).name();
    return new PodStatus(
        pod.key(),
        pod.uid(),
        addresses.isEmpty() ? PodPhase.PENDING : PodPhase.RUNNING,
        addresses,
        ready,
        stage.reason,
        stage.message,
        List.of(
            new PodStatus.ContainerStatus(
                container, stage == Stage.ATTACHED, ready, 0, NEVER_ENDED, stage.containerReason)),
        gone);
  }
}
