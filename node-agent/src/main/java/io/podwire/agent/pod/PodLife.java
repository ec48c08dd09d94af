package io.podwire.agent.pod;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import java.util.Optional;

/**
 * One Pod from its first appearance on the node to its end.
 *
 * <p>Not thread-safe; confined to the fleet's thread.
 */
interface PodLife {

  ObjectName key();

  PodFolder folder();

  /** Begins a new Pod. */
  void begin();

  /** The cluster's newest word on this Pod. */
  void update(Pod newest);

  /** The cluster does not know this Pod any more. */
  void forget();

  /** A fault ends what runs in it. */
  void kill();

  /** A fault keeps it from running, or that is over. */
  void setFailing(boolean failing);

  /** Leaves it running for the next agent. */
  void letGo();

  /** What other parts of the agent may see of it; empty once it is being removed. */
  Optional<LocalPod> view();
}
