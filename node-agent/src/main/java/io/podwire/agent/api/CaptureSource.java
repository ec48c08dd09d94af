package io.podwire.agent.api;

import io.podwire.netstack.capture.Recording;
import org.jspecify.annotations.Nullable;

/** Where packets are recorded. Thread-safe. */
@FunctionalInterface
public interface CaptureSource {

  /**
   * Begins to record what passes a link.
   *
   * @param link a Pod as {@code namespace/name}, or empty for the node's uplink
   * @param gone told when the link goes away; must not block
   * @return what ends it, or null where there is no such link
   */
  @Nullable Runnable start(String link, Recording recording, Runnable gone);
}
