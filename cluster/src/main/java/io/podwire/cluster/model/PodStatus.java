package io.podwire.cluster.model;

import io.podwire.packet.addr.IpAddress;
import java.util.List;

/**
 * What a node reports of a Pod.
 *
 * @param reason a short CamelCase word such as {@code CrashLoopBackOff}; empty when all is well
 * @param message for people; empty when all is well
 * @param gone whether a terminating Pod has ended and its network is released
 */
public record PodStatus(
    ObjectName key,
    String uid,
    PodPhase phase,
    List<IpAddress> podIps,
    boolean ready,
    String reason,
    String message,
    List<ContainerStatus> containers,
    boolean gone) {

  public PodStatus {
    podIps = List.copyOf(podIps);
    containers = List.copyOf(containers);
  }

  /**
   * One container.
   *
   * @param exitCode of the last end; -1 where it never ended
   */
  public record ContainerStatus(
      String name, boolean running, boolean ready, int restartCount, int exitCode, String reason) {}
}
