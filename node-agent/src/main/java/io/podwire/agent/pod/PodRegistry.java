package io.podwire.agent.pod;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;

/** Where Pods that begin on the node are made known to the cluster. Thread-safe; calls block. */
public interface PodRegistry {

  /**
   * Creates a Pod of this node.
   *
   * @return its uid
   * @throws Refused where that cannot be
   */
  String create(Pod pod);

  /**
   * Has a Pod terminate; one that is gone is no error.
   *
   * @throws Refused where that cannot be
   */
  void delete(ObjectName pod, String uid);

  /** What the cluster did not do. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Kind {
      /** Another has the name. */
      TAKEN,
      /** It would never be done. */
      INVALID,
      /** It may be done later. */
      UNAVAILABLE
    }

    private final Kind kind;

    public Refused(Kind kind, String message) {
      super(message);
      this.kind = kind;
    }

    public Kind kind() {
      return kind;
    }
  }
}
