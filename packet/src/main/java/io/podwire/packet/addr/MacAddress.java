package io.podwire.packet.addr;

import java.util.HexFormat;

/**
 * A 48-bit IEEE 802 MAC address, held in the low 48 bits of a long.
 *
 * <p>Immutable and thread-safe.
 */
public record MacAddress(long value) implements Comparable<MacAddress> {

  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
  public static final MacAddress ZERO = new MacAddress(0);

  private static final long MASK = 0xffff_ffff_ffffL;
  private static final long GROUP_BIT = 1L << 40;
  private static final int OCTETS = 6;

  public MacAddress {
    if ((value & ~MASK) != 0) {
      throw new IllegalArgumentException(
          "MAC address has 48 bits, got 0x" + Long.toHexString(value));
    }
  }

  /** Parses six colon-separated octets such as {@code 0a:58:0a:f4:00:01}. */
  public static MacAddress parse(String text) {
    String[] octets = text.split(":", -1);
    if (octets.length != OCTETS) {
      throw malformed(text);
    }
    long value = 0;
    for (String octet : octets) {
      if (octet.length() != 2 || !octet.chars().allMatch(HexFormat::isHexDigit)) {
        throw malformed(text);
      }
      value = (value << 8) | HexFormat.fromHexDigits(octet);
    }
    return new MacAddress(value);
  }

  /**
   * The locally administered address that CNI's bridge plugin derives from an IPv4 address: {@code
   * 0a:58} followed by its four octets. For IPv6 the last four octets are taken.
   */
  public static MacAddress of(IpAddress address) {
    return new MacAddress(0x0a58_0000_0000L | (address.low() & 0xffff_ffffL));
  }

  /** Whether the group bit is set, which it is for broadcast too. */
  public boolean isMulticast() {
    return isMulticast(value);
  }

  public static boolean isMulticast(long mac) {
    return (mac & GROUP_BIT) != 0;
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      if (shift < 40) {
        text.append(':');
      }
      text.append(Character.forDigit((int) (value >>> (shift + 4)) & 0xf, 16));
      text.append(Character.forDigit((int) (value >>> shift) & 0xf, 16));
    }
    return text.toString();
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not a MAC address; write six hex octets such as 0a:58:0a:f4:00:01");
  }
}
