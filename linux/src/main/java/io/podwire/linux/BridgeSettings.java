package io.podwire.linux;

/**
 * How a Linux bridge behaves.
 *
 * @param ageingSeconds after which a silent MAC address is forgotten
 * @param multicastSnooping whether multicast goes only to ports that asked for it
 * @param spanningTree whether it speaks STP
 */
public record BridgeSettings(int ageingSeconds, boolean multicastSnooping, boolean spanningTree) {

  /** IEEE 802.1D's ageing; neither snooping nor spanning tree, so that ports forward at once. */
  public static final BridgeSettings PLAIN = new BridgeSettings(300, false, false);
}
