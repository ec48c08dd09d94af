package io.podwire.packet.addr;

/**
 * An IP network: a base address whose host bits are zero, and a prefix length.
 *
 * <p>Immutable and thread-safe.
 *
 * @param base the network's first address
 * @param prefixLength 0-32 for IPv4, 0-128 for IPv6
 */
public record Cidr(IpAddress base, int prefixLength) implements Comparable<Cidr> {

  public Cidr {
    if (prefixLength < 0 || prefixLength > base.bitLength()) {
      throw new IllegalArgumentException(
          "prefix length of " + base + " must be 0-" + base.bitLength() + ", got " + prefixLength);
    }
    IpAddress masked = mask(base, prefixLength);
    if (!masked.equals(base)) {
      throw new IllegalArgumentException(
          base + "/" + prefixLength + " has host bits set; write " + masked + "/" + prefixLength);
    }
  }

  /** Parses {@code 10.244.0.0/16} or {@code fd00::/64}; host bits must be zero. */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    int length = slash < 0 ? -1 : prefixLength(text.substring(slash + 1));
    if (length < 0) {
      throw new IllegalArgumentException("'" + text + "' is not a CIDR; write it as 10.244.0.0/16");
    }
    return new Cidr(IpAddress.parse(text.substring(0, slash)), length);
  }

  private static int prefixLength(String digits) {
    return digits.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(digits) : -1;
  }

  /** The network of this length around an address. */
  public static Cidr around(IpAddress address, int prefixLength) {
    return new Cidr(mask(address, prefixLength), prefixLength);
  }

  /** The network that holds this address alone. */
  public static Cidr host(IpAddress address) {
    return new Cidr(address, address.bitLength());
  }

  public boolean isIpv4() {
    return base.isIpv4();
  }

  public boolean contains(IpAddress address) {
    return address.isIpv4() == isIpv4() && mask(address, prefixLength).equals(base);
  }

  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.base);
  }

  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /** The number of addresses, capped at {@link Long#MAX_VALUE}. */
  public long size() {
    int hostBits = base.bitLength() - prefixLength;
    return hostBits >= 63 ? Long.MAX_VALUE : 1L << hostBits;
  }

  /** The address at this offset from the base. */
  public IpAddress address(long offset) {
    if (offset < 0 || offset >= size()) {
      throw new IndexOutOfBoundsException(offset + " is outside " + this);
    }
    return base.plus(offset);
  }

  /** The n-th network of a longer prefix inside this one. */
  public Cidr subnet(int longerPrefix, long index) {
    int indexBits = longerPrefix - prefixLength;
    if (indexBits < 0 || index < 0 || (indexBits < 63 && index >= 1L << indexBits)) {
      throw new IndexOutOfBoundsException(
          "no /" + longerPrefix + " number " + index + " in " + this);
    }
    int shift = base.bitLength() - longerPrefix;
    IpAddress start =
        shift >= 64
            ? new IpAddress(base.high() | (index << (shift - 64)), base.low())
            : new IpAddress(
                base.high() | (shift == 0 ? 0 : index >>> (64 - shift)),
                base.low() | (index << shift));
    return new Cidr(start, longerPrefix);
  }

  private static IpAddress mask(IpAddress address, int prefixLength) {
    int bits = address.isIpv4() ? prefixLength + 96 : prefixLength;
    long high = bits >= 64 ? -1L : bits == 0 ? 0 : -1L << (64 - bits);
    long low = bits <= 64 ? 0 : -1L << (128 - bits);
    return new IpAddress(address.high() & high, address.low() & low);
  }

  @Override
  public int compareTo(Cidr other) {
    int byBase = base.compareTo(other.base);
    return byBase != 0 ? byBase : Integer.compare(prefixLength, other.prefixLength);
  }

  @Override
  public String toString() {
    return base + "/" + prefixLength;
  }
}
