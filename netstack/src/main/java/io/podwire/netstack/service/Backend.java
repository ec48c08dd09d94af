package io.podwire.netstack.service;

import io.podwire.packet.addr.IpAddress;

/**
 * An endpoint that a Service port leads to.
 *
 * @param weight its share where the algorithm knows weights: 0 takes no new connections
 */
public record Backend(IpAddress address, int port, int weight) {

  /** As all the others. */
  public Backend(IpAddress address, int port) {
    this(address, port, 1);
  }
}
