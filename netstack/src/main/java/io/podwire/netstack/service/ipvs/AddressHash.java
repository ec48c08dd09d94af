package io.podwire.netstack.service.ipvs;

import io.podwire.packet.addr.IpAddress;

/** The multiplicative hash that several schedulers have in common (Knuth). */
final class AddressHash {

  private static final int PRIME = (int) 2_654_435_761L;

  private AddressHash() {}

  /** The address's words, taken together. */
  static int fold(IpAddress address) {
    return address.isIpv4()
        ? address.ipv4Bits()
        : (int) (address.high() >>> 32)
            ^ (int) address.high()
            ^ (int) (address.low() >>> 32)
            ^ (int) address.low();
  }

  /** Within a table whose size is a power of two. */
  static int of(IpAddress address, int size) {
    return fold(address) * PRIME & size - 1;
  }
}
