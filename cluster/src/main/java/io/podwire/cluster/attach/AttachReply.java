package io.podwire.cluster.attach;

import java.util.List;
import java.util.Locale;

/** What the agent answers. */
public sealed interface AttachReply {

  /** The Pod is attached; its network has to be set up like this. */
  record Attached(PodNetwork network) implements AttachReply {}

  /** It was done. */
  record Done() implements AttachReply {}

  /** The agent is there. */
  record Pong(String node) implements AttachReply {}

  /** What the agent keeps. */
  record Kept(List<KeptPod> pods) implements AttachReply {
    public Kept {
      pods = List.copyOf(pods);
    }
  }

  /** Nothing has been done. */
  record Refused(Reason reason, String message) implements AttachReply {}

  /** The connection's Pod is no more: deleted, or ended by a fault. */
  record Ended(String why) implements AttachReply {}

  /** Why not. */
  enum Reason {
    /** The request cannot be followed, whenever it is repeated. */
    INVALID,
    /** Another Pod has the name. */
    TAKEN,
    /** The Pod that it was before is no more. */
    GONE,
    /** The node or the control plane cannot do it now; later it may. */
    UNAVAILABLE;

    /** As it is written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Reason of(String text) {
      for (Reason reason : values()) {
        if (reason.text().equals(text)) {
          return reason;
        }
      }
      // From a newer agent; not to be repeated blindly.
      return INVALID;
    }
  }
}
