package io.podwire.netstack.link;

import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A MAC or IP address as the key of a hash table; mutable, so that a table can keep one to look up
 * with and a lookup allocates nothing. A key that is in a table must not be changed.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class AddressKey {

  private long high;
  private long low;

  public static AddressKey of(IpAddress address) {
    return new AddressKey().at(address.high(), address.low());
  }

  public static AddressKey ofMac(long mac) {
    return new AddressKey().atMac(mac);
  }

  /** Becomes the key of an IP address, given as in {@link IpAddress}. */
  public AddressKey at(long high, long low) {
    this.high = high;
    this.low = low;
    return this;
  }

  /** Becomes the key of a MAC address. */
  public AddressKey atMac(long mac) {
    return at(0, mac);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressKey that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    long mixed = (high * 31 + low) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 32);
  }
}
