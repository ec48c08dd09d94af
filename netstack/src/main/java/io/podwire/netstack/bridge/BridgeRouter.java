package io.podwire.netstack.bridge;

import io.podwire.netstack.link.Frame;

/** What the bridge knows of the router behind its own MAC address. */
public interface BridgeRouter {

  /** The router's MAC address on the bridge. */
  long mac();

  /** Whether IPv6 is bridged between Pods; else the router alone gets to see it. */
  boolean bridgesIpv6();

  /** Takes a frame addressed to the router. */
  void receive(Frame frame, long nowMillis);

  /** Sees a broadcast or multicast frame that is flooded as well. */
  void overhear(Frame frame, long nowMillis);

  /**
   * Passes a bridged IP frame through the hooks, as Linux does with bridge-nf-call-iptables:
   * replies of translated connections must be translated back even where both Pods are on this
   * bridge.
   *
   * @return whether the frame goes on
   */
  boolean filterBridged(Frame frame, long nowMillis);

  /** Sees a frame of one Pod that is about to be handed to another one. */
  void bridged(BridgePort to, Frame frame);
}
