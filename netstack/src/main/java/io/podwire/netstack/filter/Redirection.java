package io.podwire.netstack.filter;

/**
 * What has directed connections to a destination and may withdraw it, as a Service withdraws an
 * endpoint: each connection finds that out by itself with its next packet, so that a change costs
 * nothing for the connections that exist.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public interface Redirection {

  /** Another number whenever a destination may have been withdrawn. */
  int revision();

  /** Whether connections may still go to where answers with this tuple come from. */
  boolean leadsTo(FlowKey answer);

  /** A connection to it has been entered into the table. */
  default void began() {}

  /** A TCP connection has become established, or is so no longer. */
  default void changed(boolean established) {}

  /** A connection has left the table. */
  default void ended(boolean established) {}
}
