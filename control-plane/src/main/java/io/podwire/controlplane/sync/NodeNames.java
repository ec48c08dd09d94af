package io.podwire.controlplane.sync;

import java.util.Optional;

/** Sees to it that each node name is one agent's. Thread-safe. */
public interface NodeNames {

  /**
   * Takes the name for as long as the agent's stream is open.
   *
   * @param instance of the agent and of its stream
   * @param address {@code host:port} of the node's VTEP
   * @return the address of the agent that has the name, or empty where this one has it now
   */
  Optional<String> take(String node, String instance, String address);

  /** Gives the name back, unless another instance has it meanwhile. */
  void release(String node, String instance, String address);
}
