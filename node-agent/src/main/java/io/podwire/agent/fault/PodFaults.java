package io.podwire.agent.fault;

import java.util.Set;

/** What faults do to the Pods of this node; does not block. */
public interface PodFaults {

  /** Kills a Pod's programs once; the restart policy decides what comes then. */
  void kill(String pod);

  /** The Pods, {@code namespace/name}, whose programs are not to run; all others may. */
  void fail(Set<String> pods);
}
