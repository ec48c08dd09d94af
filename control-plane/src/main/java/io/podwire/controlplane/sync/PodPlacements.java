package io.podwire.controlplane.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Creates and deletes Pods as the API does, for agents. Thread-safe; calls may block. */
public interface PodPlacements {

  /**
   * Creates a Pod.
   *
   * @return its uid
   * @throws Refused where the API would refuse it
   */
  String create(ObjectNode manifest);

  /**
   * Has the Pod of that uid terminate; one that is gone is no error.
   *
   * @throws Refused where the API would refuse it
   */
  void remove(String namespace, String name, String uid);

  /** A request that the API would not follow. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean exists;

    /**
     * @param exists whether it is for the name, which another has
     */
    public Refused(String message, boolean exists) {
      super(message);
      this.exists = exists;
    }

    boolean isForName() {
      return exists;
    }
  }
}
