package io.podwire.netstack.filter;

/** The places of a packet's way where functions are hooked in, named as in netfilter. */
public enum Hook {
  /** Arrived from a Pod or the tunnel, before routing. */
  PREROUTING,
  /** To the node itself. */
  INPUT,
  /** Through the node. */
  FORWARD,
  /** From the node itself, before routing. */
  OUTPUT,
  /** About to leave. */
  POSTROUTING
}
