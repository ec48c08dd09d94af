package io.podwire.dns.forward;

import java.time.Duration;

/**
 * Bounds on asking upstreams.
 *
 * @param timeout for each upstream, over UDP and over TCP
 * @param concurrent questions under way at once; one more is REFUSED
 */
public record ForwardLimits(Duration timeout, int concurrent) {

  /** Two upstreams fit into the five seconds that resolvers in programs wait. */
  public static final ForwardLimits DEFAULT = new ForwardLimits(Duration.ofSeconds(2), 1000);
}
