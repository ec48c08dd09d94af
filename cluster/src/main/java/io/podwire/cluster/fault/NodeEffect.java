package io.podwire.cluster.fault;

import java.time.Duration;

/**
 * What is done to a node, or to the control plane.
 *
 * @param action what happens
 * @param delay of {@link Action#DELAYED_ENDPOINTS}; zero otherwise
 */
public record NodeEffect(Action action, Duration delay) {

  /** What happens, from the start of the fault to its end. */
  public enum Action {
    /** The agent is killed once; its supervisor starts it again. */
    AGENT_KILL,
    /** The agent is stopped (SIGSTOP). */
    AGENT_PAUSE,
    /** The agent hears nothing of the control plane. */
    CONTROL_PLANE_CUT,
    /** Changes of endpoints reach the node late. */
    DELAYED_ENDPOINTS,
    /** Changes of endpoints do not reach the node. */
    STALE_ENDPOINTS,
    /** The control planes lose their ZooKeeper session once. */
    ZOOKEEPER_SESSION_EXPIRED
  }
}
