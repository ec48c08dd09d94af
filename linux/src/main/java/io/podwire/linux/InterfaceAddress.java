package io.podwire.linux;

import io.podwire.packet.addr.IpAddress;

/**
 * An IP address on a link.
 *
 * @param link the link's index
 */
public record InterfaceAddress(int link, IpAddress address, int prefixLength) {

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
