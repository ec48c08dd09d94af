package io.podwire.netstack.link;

import io.podwire.netstack.table.HashKey;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A MAC or IP address as the key of a hash table, with a number beside it where a table tells apart
 * more than addresses; entries of such tables extend it.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public class AddressKey extends HashKey<AddressKey> {

  private static final long ODD = 0x9e37_79b9_7f4a_7c15L;
  private static final long MASK = 0xd1b5_4a32_d192_ed03L;

  private long high;
  private long low;
  private int tag;

  public AddressKey() {}

  /** With an address as in {@link IpAddress} and the number beside it. */
  protected AddressKey(long high, long low, int tag) {
    this.high = high;
    this.low = low;
    this.tag = tag;
  }

  public static AddressKey of(IpAddress address) {
    return new AddressKey(address.high(), address.low(), 0);
  }

  /** Becomes the key of an IP address, given as in {@link IpAddress}. */
  public AddressKey at(long high, long low) {
    return at(high, low, 0);
  }

  /** Becomes the key of an IP address, given as in {@link IpAddress}, with a number beside it. */
  public AddressKey at(long high, long low, int tag) {
    this.high = high;
    this.low = low;
    this.tag = tag;
    return this;
  }

  /** Becomes the key of a MAC address. */
  public AddressKey atMac(long mac) {
    return at(0, mac, 0);
  }

  @Override
  protected final int hash(long seed) {
    long h = fold(low ^ seed, high + tag * ODD ^ Long.rotateLeft(seed, 32) ^ MASK);
    return (int) (h ^ h >>> 32);
  }

  @Override
  protected final boolean sameAs(AddressKey that) {
    return low == that.low && tag == that.tag && high == that.high;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof AddressKey that && sameAs(that);
  }

  @Override
  public final int hashCode() {
    return hash(0);
  }
}
