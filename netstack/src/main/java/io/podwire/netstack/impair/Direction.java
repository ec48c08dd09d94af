package io.podwire.netstack.impair;

/** Which end of a link is the local one: an impairment acts one way only. */
public enum Direction {
  /** From the Pod or node: the local address is the packet's source. */
  EGRESS,
  /** To the Pod or node: the local address is the packet's destination. */
  INGRESS
}
