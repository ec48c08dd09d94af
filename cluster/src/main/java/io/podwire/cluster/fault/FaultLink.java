package io.podwire.cluster.fault;

/**
 * One direction of one link that a fault acts on.
 *
 * @param node whose agent acts
 * @param pod {@code namespace/name} of the Pod whose link it is; empty for the node's own uplink,
 *     which carries what its Pods exchange with other nodes
 * @param direction of the packets, seen from the link's own end
 */
public record FaultLink(String node, String pod, Direction direction, TrafficFilter filter) {

  /** Seen from the Pod or node. */
  public enum Direction {
    EGRESS,
    INGRESS
  }

  /** {@code Pod default/web}, or {@code Node node-1}. */
  public String name() {
    return pod.isEmpty() ? "Node " + node : "Pod " + pod;
  }
}
