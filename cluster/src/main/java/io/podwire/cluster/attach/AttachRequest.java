package io.podwire.cluster.attach;

import org.jspecify.annotations.Nullable;

/** What a program asks the agent. */
public sealed interface AttachRequest {

  /**
   * Makes the TAP whose descriptor comes with this message the network of a Pod.
   *
   * @param uid of the Pod that it was before, to be that one again; empty for a new one
   * @param kept where the agent finds the TAP by itself; null: the Pod lasts as long as the
   *     connection
   */
  record Attach(PodDescription pod, String uid, @Nullable KeptInterface kept)
      implements AttachRequest {}

  /**
   * Ends a Pod at once; one that is gone is no error.
   *
   * @param id of a kept interface; empty for the Pod of this connection
   */
  record Detach(String id) implements AttachRequest {}

  /** Which interfaces the agent keeps. */
  record ListKept() implements AttachRequest {}

  /** Whether Pods can be attached. */
  record Ping() implements AttachRequest {}
}
