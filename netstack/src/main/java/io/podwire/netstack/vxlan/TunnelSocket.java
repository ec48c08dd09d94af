package io.podwire.netstack.vxlan;

import io.podwire.netstack.link.Frame;

/** Where encapsulated frames leave: the node's UDP sockets. */
@FunctionalInterface
public interface TunnelSocket {

  /**
   * Sends a datagram whose payload is the frame, VXLAN header included.
   *
   * @param address outer IPv4 destination
   * @param port outer UDP destination port
   * @param flowHash of the inner flow, from which the outer source port is chosen
   * @return false where it could not be sent, which the caller counts
   */
  boolean send(int address, int port, int flowHash, Frame payload);
}
